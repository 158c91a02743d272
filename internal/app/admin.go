package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"trackbot/internal/audit"
	"trackbot/internal/config"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// asOperator runs fn on the configured database in the operator's role.
func asOperator(ctx context.Context, fn func(st *store.Store, q *db.Queries) error) error {
	cfg, err := config.FromEnvironment(config.Operator)
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, cfg.DatabaseURL.Reveal(), store.RoleAdmin, store.WithMaxConns(2))
	if err != nil {
		return err
	}
	defer st.Close()
	if err := st.CheckSchema(ctx); err != nil {
		return err
	}
	return fn(st, db.New())
}

// ListClients prints the tenants.
func ListClients(ctx context.Context, out Output) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error { return listClients(ctx, st, q, out) })
}

func listClients(ctx context.Context, st *store.Store, q *db.Queries, out Output) error {
	rows, err := q.ListClients(ctx, st.Shared())
	if err != nil {
		return fmt.Errorf("list clients: %w", err)
	}
	var lines [][]string
	for _, c := range rows {
		lines = append(lines, []string{c.GuildID, c.Name, c.Tier, num(c.Accounts), day(&c.CreatedAt), day(c.RemovedAt), day(c.SuspendedAt)})
	}
	return out.list("clients", rows, []string{"GUILD", "NAME", "TIER", "ACCOUNTS", "SINCE", "REMOVED", "SUSPENDED"}, lines)
}

// VerifyAudit checks the chain of a guild's audit log and fails when it is broken.
func VerifyAudit(ctx context.Context, guildID string, w io.Writer) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error {
		sub, err := q.GetSubscriptionByGuild(ctx, st.Shared(), guildID)
		if store.IsNotFound(err) {
			return fmt.Errorf("guild %s is not known", guildID)
		}
		if err != nil {
			return fmt.Errorf("read guild: %w", err)
		}
		report, err := audit.Verify(ctx, st.Shared(), sub.ID)
		if err != nil {
			return err
		}
		if report.BrokenSeq != 0 {
			return fmt.Errorf("the audit log of %s is broken at entry %d: %s", sub.Name, report.BrokenSeq, report.Reason)
		}
		fmt.Fprintf(w, "%s: %s, the chain is whole\n", sub.Name, many(report.Entries, "entry"))
		return nil
	})
}

// EraseAudit clears addresses and user agents from a guild's audit log: those of an actor, those before a
// time, or with neither all. The log notes it and its chain stays whole.
func EraseAudit(ctx context.Context, guildID, actorID string, before time.Time, w io.Writer) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error {
		sub, err := q.GetSubscriptionByGuild(ctx, st.Shared(), guildID)
		if store.IsNotFound(err) {
			return fmt.Errorf("guild %s is not known", guildID)
		}
		if err != nil {
			return fmt.Errorf("read guild: %w", err)
		}
		var n int64
		err = st.InTx(ctx, func(tx store.Conn) error {
			n, err = audit.Erase(ctx, tx, audit.Erasure{ClientID: sub.ID, ActorID: actorID, Before: before, By: byOperator()})
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: address and user agent erased from %s\n", sub.Name, many(n, "entry"))
		return nil
	})
}

func byOperator() audit.By {
	return audit.By{Actor: audit.Actor{ID: "operator", Type: audit.System, Name: "Operator"}, Source: audit.FromSystem}
}

// secretBytes makes secrets that are longer than HS512 asks for (RFC 7518 §3.2).
const secretBytes = 72

// newSecret returns a random secret in base64url.
func newSecret() string {
	b := make([]byte, secretBytes)
	rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// NewKey prints a new value for a secret of the environment, and how it is brought in.
func NewKey(kind string, w io.Writer) error {
	switch kind {
	case "jwt":
		return RotateKey(w)
	case "encryption":
		key := make([]byte, 32)
		rand.Read(key) // never fails (crypto/rand)
		_, err := fmt.Fprintf(w, "%s\n\nFor ENCRYPTION_KEY of a new installation. docs/operations.md tells how to replace the one of a running one.\n", base64.StdEncoding.EncodeToString(key))
		return err
	default: // hmac
		_, err := fmt.Fprintf(w, `%s

For BOT_HMAC_SECRET. Several keys overlap as id:secret by comma, the newest first: add it at the API, then give it to the bot,
then take the old one out at the API.
`, newSecret())
		return err
	}
}

// RotateKey prints a new signing secret and the steps that put it into use without ending a session.
func RotateKey(w io.Writer) error {
	until := time.Now().UTC().Add(time.Hour).Format(time.RFC3339)
	_, err := fmt.Fprintf(w, `New signing secret:

  %s

1. Set it as JWT_SECRET_NEXT on every api process and restart them one by one.
2. Make it JWT_SECRET, move the old one to JWT_SECRET_PREVIOUS as <old>@%s,
   clear JWT_SECRET_NEXT, and restart them one by one.
3. When all have run for 15 minutes, clear JWT_SECRET_PREVIOUS; it stops counting at its date anyway.
`, newSecret(), until)
	return err
}

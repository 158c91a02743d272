package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/config"
	"trackbot/internal/export"
	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// findClient returns a tenant for the operator, by its guild's id or its own.
func findClient(ctx context.Context, st *store.Store, q *db.Queries, which string) (db.Client, error) {
	find := func() (db.Client, error) { return q.FindClient(ctx, st.Shared(), which) }
	if id, err := uuid.Parse(which); err == nil {
		find = func() (db.Client, error) { return q.GetClient(ctx, st.Shared(), id) }
	}
	client, err := find()
	if store.IsNotFound(err) {
		return client, fmt.Errorf("guild %s is not known", which)
	}
	if err != nil {
		return client, fmt.Errorf("read guild: %w", err)
	}
	return client, nil
}

// ArchiveClient writes everything of a guild into a file, read as the role that sees one tenant.
func ArchiveClient(ctx context.Context, guildID, path string, w io.Writer) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error {
		client, err := findClient(ctx, st, q, guildID)
		if err != nil {
			return err
		}
		cfg, err := config.FromEnvironment(config.Operator)
		if err != nil {
			return err
		}
		reading, err := store.Open(ctx, cfg.DatabaseURL.Reveal(), store.RoleExport, store.WithMaxConns(1))
		if err != nil {
			return err
		}
		defer reading.Close()
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("make file: %w", err)
		}
		if err := errors.Join(export.WriteArchive(ctx, reading, client.ID, file), file.Close()); err != nil {
			return errors.Join(err, os.Remove(path))
		}
		fmt.Fprintf(w, "%s: written to %s\n", client.Name, path)
		return nil
	})
}

// DeleteClient plans the deletion of everything of a guild. confirm must be the guild's name.
func DeleteClient(ctx context.Context, guildID, confirm string, now bool, w io.Writer) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error {
		client, err := findClient(ctx, st, q, guildID)
		if err != nil {
			return err
		}
		if !strings.EqualFold(strings.TrimSpace(confirm), strings.TrimSpace(client.Name)) {
			return fmt.Errorf("the guild is called %q; --confirm must be its name", client.Name)
		}
		at := time.Now()
		if !now {
			at = at.Add(guild.DeletionGrace)
		}
		if err := guild.New(st, guild.Config{}).DeleteAt(ctx, byOperator(), client.ID, at); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: everything is deleted from %s on\n", client.Name, at.UTC().Format(time.RFC3339))
		return nil
	})
}

// KeepClient undoes a planned deletion.
func KeepClient(ctx context.Context, guildID string, w io.Writer) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error {
		client, err := findClient(ctx, st, q, guildID)
		if err != nil {
			return err
		}
		if err := guild.New(st, guild.Config{}).CancelDeletion(ctx, byOperator(), client.ID); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: nothing will be deleted\n", client.Name)
		return nil
	})
}

// DeleteUser deletes the account of a person who cannot do it in the dashboard.
func DeleteUser(ctx context.Context, userID string, w io.Writer) error {
	if !regexp.MustCompile(`^[0-9]{17,20}$`).MatchString(userID) {
		return fmt.Errorf("%q is no id of a person at Discord, which has 17 to 20 digits", userID)
	}
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error {
		what := "account and sessions are gone"
		err := st.InTx(ctx, func(tx store.Conn) error {
			if err := q.RequestErasureOfPerson(ctx, tx, userID); err != nil {
				return fmt.Errorf("note erasure: %w", err)
			}
			n, err := q.DeleteUser(ctx, tx, userID)
			if err != nil {
				return fmt.Errorf("delete user: %w", err)
			}
			if n == 0 {
				what = "there is no account"
			}
			return nil
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "%s: %s, the worker takes the name out of the logs.\n"+
			"The authorization at Discord stays until the person ends it there: User Settings, Authorized Apps.\n", userID, what)
		return err
	})
}

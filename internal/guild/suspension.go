package guild

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// longestReason is how many characters the reason of a suspension may have.
const longestReason = 500

// Suspension is why and since when a tenant is not served.
type Suspension struct {
	Since  time.Time
	Reason string
}

// SuspensionOf is the tenant's suspension, nil for none.
func SuspensionOf(client db.Client) *Suspension {
	if client.SuspendedAt == nil {
		return nil
	}
	s := Suspension{Since: *client.SuspendedAt}
	if client.SuspendedReason != nil {
		s.Reason = *client.SuspendedReason
	}
	return &s
}

// ErrSuspended refuses what a suspended tenant may not do, with the reason as its people are to read it.
func ErrSuspended(reason string) error {
	reason = strings.TrimRight(reason, ". ")
	return fault.Newf(fault.Forbidden, "This server is suspended by the operator of this Trackbot: %s. What is stored can still be read and exported.", reason)
}

// Suspend stops everything that is done for the tenant: its accounts are not polled any more, messages wait, keys of
// programs do not count and nobody changes anything. Its people still sign in, read, export and take their data away.
// changed is false where it is suspended already; then nothing changes, the reason included. Refusals: validation_failed
// (reason).
func (r *Registry) Suspend(ctx context.Context, by audit.By, clientID uuid.UUID, reason string) (changed bool, err error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > longestReason || !utf8.ValidString(reason) {
		return false, fault.Invalid(fault.Field{Name: "reason", Message: fmt.Sprintf("must have 1 to %d characters", longestReason)})
	}
	err = r.lockedTenant(ctx, clientID, func(tx store.Conn, client db.Client) error {
		if client.SuspendedAt != nil {
			return nil
		}
		changed = true
		if err := db.New().ReviewSourcesOfClient(ctx, tx, clientID); err != nil {
			return fmt.Errorf("review sources: %w", err)
		}
		if err := db.New().SuspendClient(ctx, tx, reason, clientID); err != nil {
			return fmt.Errorf("suspend client: %w", err)
		}
		return logGuild(ctx, tx, by, client, audit.GuildSuspended, audit.Change{Field: "reason", New: reason})
	})
	return changed, err
}

// Resume ends a suspension. Accounts are polled again; what was published meanwhile is stored and not announced, and of the
// messages that wait those older than a day are skipped. changed is false where nothing was suspended.
func (r *Registry) Resume(ctx context.Context, by audit.By, clientID uuid.UUID, reason string) (changed bool, err error) {
	err = r.lockedTenant(ctx, clientID, func(tx store.Conn, client db.Client) error {
		if client.SuspendedAt == nil {
			return nil
		}
		changed = true
		if err := db.New().EndSuspension(ctx, tx, clientID); err != nil {
			return fmt.Errorf("end suspension: %w", err)
		}
		if client.RemovedAt == nil {
			if err := restart(ctx, tx, clientID); err != nil {
				return err
			}
		}
		changes := []audit.Change{{Field: "suspendedAt", Old: client.SuspendedAt}}
		if reason = strings.TrimSpace(reason); reason != "" {
			changes = append(changes, audit.Change{Field: "reason", New: reason})
		}
		return logGuild(ctx, tx, by, client, audit.GuildResumed, changes...)
	})
	return changed, err
}

// lockedTenant runs fn in the tenant's scope on its row, held until the end.
func (r *Registry) lockedTenant(ctx context.Context, clientID uuid.UUID, fn func(tx store.Conn, client db.Client) error) error {
	return r.st.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		client, err := db.New().LockClient(ctx, tx, clientID)
		if err != nil {
			return fmt.Errorf("lock client: %w", err)
		}
		return fn(tx, client)
	})
}

// restart takes up tracking where it was left: what was published meanwhile is stored and not announced, what has waited
// for more than a day is no news any more.
func restart(ctx context.Context, tx store.Conn, clientID uuid.UUID) error {
	if err := db.New().RestartSourcesOfClient(ctx, tx, clientID); err != nil {
		return fmt.Errorf("restart sources: %w", err)
	}
	if err := db.New().RestartAccountsOfClient(ctx, tx, clientID); err != nil {
		return fmt.Errorf("restart accounts: %w", err)
	}
	return delivery.Expire(ctx, tx, clientID)
}

package audit

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// CheckEvery is how often Check wants to run.
const CheckEvery = 30 * time.Second

const (
	wholeEvery   = 24 * time.Hour
	checkClients = 200 // tenants of one round
)

// Checker recomputes the tenants' chains in the background: what has been appended soon after, and each day all of it,
// since an entry that was sound may have been altered later. It remembers what it found. Several may run at once.
type Checker struct {
	store   *store.Store
	queries *db.Queries
	log     *slog.Logger
	now     func() time.Time
}

// NewChecker returns a Checker on a store of the worker's role.
func NewChecker(st *store.Store, log *slog.Logger, now func() time.Time) *Checker {
	return &Checker{store: st, queries: db.New(), log: log, now: now}
}

// Check checks what is due.
func (c *Checker) Check(ctx context.Context) error {
	due, err := c.queries.ListAuditChecksDue(ctx, c.store.Shared(), c.now().Add(-wholeEvery), checkClients)
	if err != nil {
		return fmt.Errorf("list audit checks: %w", err)
	}
	for _, d := range due {
		if err := c.check(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

func (c *Checker) check(ctx context.Context, due db.ListAuditChecksDueRow) error {
	at := checker{seq: due.Seq, previous: due.Hash}
	put := db.PutAuditCheckParams{ClientID: due.ClientID, CheckedAt: c.now(), WholeAt: due.WholeAt}
	if due.Whole {
		at = checker{previous: genesis()}
		put.WholeAt = put.CheckedAt
	}
	report, err := at.run(ctx, c.store.Shared(), due.ClientID)
	if err != nil {
		return err
	}
	put.Seq, put.Hash, put.BrokenSeq = report.Entries, at.previous, report.BrokenSeq
	if report.BrokenSeq > 0 {
		c.log.ErrorContext(ctx, "audit chain is broken", "client_id", due.ClientID.String(), "seq", report.BrokenSeq, "reason", report.Reason)
	}
	return c.store.InTx(ctx, func(tx store.Conn) error {
		if err := c.queries.PutAuditCheck(ctx, tx, put); err != nil {
			return fmt.Errorf("put audit check: %w", err)
		}
		if report.BrokenSeq == 0 {
			return nil
		}
		return tellBroken(ctx, tx, due.ClientID, report.BrokenSeq)
	})
}

// warningRed is the colour of a message about a log that was tampered with.
const warningRed = 0xDA373C

// tellBroken tells the tenant's managers, once for each entry that was found broken: the log is theirs, and who runs the
// service may be whom it accuses.
func tellBroken(ctx context.Context, tx store.Conn, clientID uuid.UUID, seq int64) error {
	return delivery.Raise(ctx, tx, delivery.Alert{
		ClientID: clientID, Subject: fmt.Sprintf("audit_broken:%d", seq), Since: time.Unix(0, 0),
		Message: delivery.Message{
			Title: "This server's log of changes was tampered with", Color: warningRed,
			Body: fmt.Sprintf("Entry %d does not fit those before it: one was altered, taken out or put in behind the program. "+
				"Tell who runs this Trackbot. The audit page of the dashboard shows how far the log can be trusted.", seq),
		},
	})
}

package audit

import (
	"context"
	"fmt"
	"log/slog"
	"time"

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
	if err := c.queries.PutAuditCheck(ctx, c.store.Shared(), put); err != nil {
		return fmt.Errorf("put audit check: %w", err)
	}
	return nil
}

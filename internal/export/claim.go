package export

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// claimLock keeps makers from claiming past each other. The number has no meaning.
const claimLock = 7_301_450_231

// work makes one export after the other.
func (r *Runner) work(ctx context.Context) {
	for ctx.Err() == nil {
		export, err := r.claim(ctx)
		if err == nil {
			r.make(ctx, export)
			continue
		}
		if !store.IsNotFound(err) && ctx.Err() == nil {
			r.log.ErrorContext(ctx, "claim of an export failed", "error", err)
		}
		timer := time.NewTimer(r.cfg.Idle)
		select {
		case <-ctx.Done():
			timer.Stop()
		case <-timer.C:
		}
	}
}

// claim leases the next export to make. Makers claim one after the other: a claim does not see what another is just
// taking, and two would take what one tenant has ordered twice.
func (r *Runner) claim(ctx context.Context) (export db.Export, err error) {
	err = r.store.InTx(ctx, func(tx store.Conn) error {
		if err := r.queries.LockExportClaims(ctx, tx, claimLock); err != nil {
			return fmt.Errorf("lock claims: %w", err)
		}
		export, err = r.queries.ClaimExport(ctx, tx, uuid.New(), r.cfg.Lease.Seconds())
		return err
	})
	return export, err
}

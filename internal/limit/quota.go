package limit

import (
	"context"
	"fmt"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// quotaZone is where a day of YouTube's quota ends at midnight (YouTube Data API: Quota calculator).
const quotaZone = "America/Los_Angeles"

// Quota is a daily budget of calls that a platform grants to a key. It is counted in the database, so that it holds
// over all processes and restarts, and is safe for concurrent use.
type Quota struct {
	st    *store.Store
	units int
}

// NewQuota returns the budget of so many units a day on a store of the API's, the bot's or the worker's role.
func NewQuota(st *store.Store, units int) *Quota { return &Quota{st: st, units: units} }

// Spend takes units of a platform's budget, all or none, and tells whether it did: at least keep units are left to others.
func (q *Quota) Spend(ctx context.Context, platform string, units, keep int) (bool, error) {
	_, err := db.New().SpendQuota(ctx, q.st.Shared(), db.SpendQuotaParams{
		Platform: platform, Zone: quotaZone, Units: int32(units), Most: int32(q.units - min(keep, q.units/2)),
	})
	if store.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("spend quota: %w", err)
	}
	return true, nil
}

// Exhaust notes that the platform says nothing is left before midnight.
func (q *Quota) Exhaust(ctx context.Context, platform string) error {
	err := db.New().ExhaustQuota(ctx, q.st.Shared(), db.ExhaustQuotaParams{Platform: platform, Zone: quotaZone, Used: int32(q.units)})
	if err != nil {
		return fmt.Errorf("exhaust quota: %w", err)
	}
	return nil
}

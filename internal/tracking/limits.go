package tracking

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/fault"
	"trackbot/internal/plan"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Use is how much of its plan a tenant uses.
type Use struct {
	Plan             db.Entitlement
	Brands, Accounts int64 // what the plan itself has paused does not count
}

// Entitlement returns what the tenant's plan allows and how much of it is used.
func Entitlement(ctx context.Context, conn store.Conn, clientID uuid.UUID) (Use, error) {
	e, err := plan.Of(ctx, conn, clientID)
	if err != nil {
		return Use{}, err
	}
	return countUse(ctx, conn, clientID, e)
}

// lockUse is Entitlement held until the transaction ends, so that of parallel
// requests each counts what the one before has added.
func lockUse(ctx context.Context, tx store.Conn, clientID uuid.UUID) (Use, error) {
	e, err := plan.Lock(ctx, tx, clientID)
	if err != nil {
		return Use{}, err
	}
	return countUse(ctx, tx, clientID, e)
}

func countUse(ctx context.Context, conn store.Conn, clientID uuid.UUID, e db.Entitlement) (Use, error) {
	n, err := db.New().CountPlanUse(ctx, conn, clientID)
	if err != nil {
		return Use{}, fmt.Errorf("count plan use: %w", err)
	}
	return Use{Plan: e, Brands: n.Brands, Accounts: n.Accounts}, nil
}

// roomForAccount refuses with tier_limit when the plan's accounts are used up.
func (u Use) roomForAccount() error {
	if u.Accounts < int64(u.Plan.Accounts) {
		return nil
	}
	return fault.Newf(fault.TierLimit,
		"The %s plan tracks %d accounts and all of them are in use. Remove an account or move to a larger plan.",
		u.Plan.Tier, u.Plan.Accounts)
}

// roomForBrand refuses with tier_limit when the plan's brands are used up.
func (u Use) roomForBrand() error {
	if u.Brands < int64(u.Plan.Brands) {
		return nil
	}
	return fault.Newf(fault.TierLimit,
		"The %s plan has room for %d brands and all of them are in use. Remove a brand or move to a larger plan.",
		u.Plan.Tier, u.Plan.Brands)
}

// warnOfAccounts tells the manager when one more account comes to 80 or 100 % of the plan.
func (u Use) warnOfAccounts(ctx context.Context, tx store.Conn) error {
	return warn(ctx, tx, u.Plan.ClientID, "accounts", u.Accounts, u.Plan.Accounts)
}

// warnOfBrands does so of one more brand.
func (u Use) warnOfBrands(ctx context.Context, tx store.Conn) error {
	return warn(ctx, tx, u.Plan.ClientID, "brands", u.Brands, u.Plan.Brands)
}

func warn(ctx context.Context, tx store.Conn, clientID uuid.UUID, what string, before int64, most int32) error {
	return delivery.Warn(ctx, tx, clientID, what,
		delivery.Quota{Used: before, Most: int64(most)}, delivery.Quota{Used: before + 1, Most: int64(most)})
}

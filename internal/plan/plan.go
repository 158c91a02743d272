package plan

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// The tiers that the program itself speaks of.
const (
	Free       = "free"
	Pro        = "pro"
	Enterprise = "enterprise"
)

// Source is who granted a plan.
type Source string

// The sources; Default is the plan of those whom nobody granted one.
const (
	Default  Source = "default"
	Operator Source = "operator"
	Stripe   Source = "stripe"
	Discord  Source = "discord"
)

// Of returns what a tenant is entitled to now. Every service asks here; queries that decide by it in SQL join the same
// view. Accounts and brands are the room of the plan it is on, the other limits those that hold, in a grace the former plan's.
func Of(ctx context.Context, conn store.Conn, clientID uuid.UUID) (db.Entitlement, error) {
	e, err := db.New().GetEntitlement(ctx, conn, clientID)
	if err != nil {
		return e, fmt.Errorf("read entitlement: %w", err)
	}
	return e, nil
}

// Lock is Of held until the transaction ends, so that of parallel requests each counts what the one before has added.
func Lock(ctx context.Context, tx store.Conn, clientID uuid.UUID) (db.Entitlement, error) {
	if _, err := db.New().LockSubscription(ctx, tx, clientID); err != nil {
		return db.Entitlement{}, fmt.Errorf("lock plan: %w", err)
	}
	return Of(ctx, tx, clientID)
}

// List returns the plans there are, the smallest first.
func List(ctx context.Context, conn store.Conn) ([]db.Plan, error) {
	plans, err := db.New().ListPlans(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("list plans: %w", err)
	}
	return plans, nil
}

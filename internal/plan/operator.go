package plan

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Word is what an operator says of a tenant's plan. It counts before whatever was bought.
type Word struct {
	ClientID uuid.UUID
	Tier     string
	Until    *time.Time // nil: until it is taken back
	Reason   string
	By       audit.By
}

// Set gives an operator's word, in a transaction of the operator's role.
func Set(ctx context.Context, tx store.Conn, w Word, now time.Time) (Change, error) {
	err := db.New().PutOperatorGrant(ctx, tx, db.PutOperatorGrantParams{
		ID: w.ClientID.String(), ClientID: &w.ClientID, Tier: &w.Tier, EndsAt: w.Until,
	})
	if err != nil {
		return Change{}, fmt.Errorf("put operator's word: %w", err)
	}
	return Settle(ctx, tx, w.ClientID, now, w.By, w.Reason)
}

// TakeBack takes an operator's word back, so that what was bought counts again. It tells whether there was one.
func TakeBack(ctx context.Context, tx store.Conn, w Word, now time.Time) (Change, bool, error) {
	n, err := db.New().DropOperatorGrant(ctx, tx, &w.ClientID)
	if err != nil {
		return Change{}, false, fmt.Errorf("take back operator's word: %w", err)
	}
	change, err := Settle(ctx, tx, w.ClientID, now, w.By, w.Reason)
	return change, n > 0, err
}

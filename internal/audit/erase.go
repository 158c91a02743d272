package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Erasure says whose addresses and user agents are to go from a tenant's log.
type Erasure struct {
	ClientID uuid.UUID
	ActorID  string    // "": everybody's
	Before   time.Time // zero: up to now
	By       By        // who erases
}

// Erase clears address and user agent of the entries that e names, in tx, and notes in the log itself
// that it was done. The chain stays whole. It gives the number of entries that had something to clear;
// without any nothing is noted. Only the operator's role may.
func Erase(ctx context.Context, tx store.Conn, e Erasure) (int64, error) {
	args := db.EraseAuditOriginsParams{ClientID: e.ClientID}
	what := []Change{}
	if e.ActorID != "" {
		args.ActorID = &e.ActorID
		what = append(what, Change{Field: "actorId", New: e.ActorID})
	}
	if !e.Before.IsZero() {
		args.Before = &e.Before
		what = append(what, Change{Field: "before", New: e.Before.UTC()})
	}
	n, err := db.New().EraseAuditOrigins(ctx, tx, args)
	if err != nil {
		return 0, fmt.Errorf("erase audit origins: %w", err)
	}
	if n == 0 {
		return 0, nil
	}
	return n, Append(ctx, tx, Entry{
		ClientID: e.ClientID, By: e.By, Action: OriginsErased, TargetType: TargetAudit, TargetID: e.ClientID.String(),
		Changes: append(what, Change{Field: "entries", Old: n, New: 0}),
	})
}

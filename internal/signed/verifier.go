package signed

import (
	"context"
	"fmt"
	"time"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Verifier verifies signed calls and remembers their nonces in PostgreSQL, for all replicas. It is
// safe for concurrent use.
type Verifier struct {
	keys Keys
	st   *store.Store
	now  func() time.Time
}

// New returns a verifier on a store of the API's role.
func New(keys Keys, st *store.Store, now func() time.Time) *Verifier {
	return &Verifier{keys: keys, st: st, now: now}
}

// Verify tells whose call r is, once: a second call with the nonce is refused on every replica.
// Refusals: those of Check. Any other error means that it could not be told.
func (v *Verifier) Verify(ctx context.Context, r Request) (keyID string, err error) {
	stamp, err := v.keys.Check(r, v.now())
	if err != nil {
		return "", err
	}
	used, err := db.New().UseNonce(ctx, v.st.Shared(), stamp.KeyID, stamp.Nonce)
	if err != nil {
		return "", fmt.Errorf("use nonce: %w", err)
	}
	if used == 0 {
		return "", refuse("This call was made before: sign each with a new nonce.")
	}
	return stamp.KeyID, nil
}

// Sweep deletes nonces that no valid timestamp can come with any more.
func (v *Verifier) Sweep(ctx context.Context) error {
	if err := db.New().SweepNonces(ctx, v.st.Shared()); err != nil {
		return fmt.Errorf("sweep nonces: %w", err)
	}
	return nil
}

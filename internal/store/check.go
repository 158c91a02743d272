package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"trackbot/internal/store/db"
)

// ErrTenancy says that the schema, or the rights of the role this process acts as, would let one
// tenant reach another's rows.
var ErrTenancy = errors.New("tenants are not kept apart")

// CheckTenancy fails with ErrTenancy, and names every fault, unless each tenant table has forced
// row level security with a policy, no foreign key or view leads from one tenant to another, and
// the role is neither privileged nor an owner. A process calls it before it serves anybody.
func (s *Store) CheckTenancy(ctx context.Context) error {
	found, err := db.New().ListTenancyFaults(ctx, s.pool)
	if err != nil {
		return fmt.Errorf("check tenancy: %w", err)
	}
	if len(found) == 0 {
		return nil
	}
	faults := make([]string, len(found))
	for i, f := range found {
		faults[i] = f.Name + ": " + f.Fault
	}
	return fmt.Errorf("%w: %s", ErrTenancy, strings.Join(faults, "; "))
}

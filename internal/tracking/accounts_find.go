package tracking

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
)

// Search selects what a manager names: one thing by its id, or those that hold a text. For accounts that is
// their name, handle and platform, for groups "brand › group". The other ids narrow it; nil is any.
type Search struct {
	ID, BrandID, GroupID *uuid.UUID
	Text                 string
	Skip, Limit          int
}

// FindAccounts lists accounts by brand, group and name; each row tells how many there are in all.
func (c *Catalog) FindAccounts(ctx context.Context, clientID uuid.UUID, s Search) ([]db.ListAccountUseRow, error) {
	rows, err := db.New().ListAccountUse(ctx, c.st.Tenant(clientID), db.ListAccountUseParams{
		ClientID: clientID, ID: s.ID, BrandID: s.BrandID, GroupID: s.GroupID, Search: s.Text, MaxRows: int32(s.Limit), SkipRows: int32(s.Skip),
	})
	if err != nil {
		return nil, fmt.Errorf("find accounts: %w", err)
	}
	return rows, nil
}

// FindBrands lists brands by name, with what is in them.
func (c *Catalog) FindBrands(ctx context.Context, clientID uuid.UUID, s Search) ([]db.ListBrandUseRow, error) {
	rows, err := db.New().ListBrandUse(ctx, c.st.Tenant(clientID), db.ListBrandUseParams{
		ClientID: clientID, ID: s.ID, Search: s.Text, MaxRows: int32(s.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("find brands: %w", err)
	}
	return rows, nil
}

// FindGroups lists groups by brand and name, with what is in them.
func (c *Catalog) FindGroups(ctx context.Context, clientID uuid.UUID, s Search) ([]db.ListGroupUseRow, error) {
	rows, err := db.New().ListGroupUse(ctx, c.st.Tenant(clientID), db.ListGroupUseParams{
		ClientID: clientID, ID: s.ID, BrandID: s.BrandID, Search: s.Text, MaxRows: int32(s.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("find groups: %w", err)
	}
	return rows, nil
}

// Overview is how a tenant's tracking stands.
type Overview struct {
	Use
	States []db.CountAccountStatesRow // accounts by state
}

// Overview counts the tenant's accounts by state and against its plan.
func (c *Catalog) Overview(ctx context.Context, clientID uuid.UUID) (Overview, error) {
	conn := c.st.Tenant(clientID)
	use, err := Entitlement(ctx, conn, clientID)
	if err != nil {
		return Overview{}, err
	}
	states, err := db.New().CountAccountStates(ctx, conn, clientID)
	if err != nil {
		return Overview{}, fmt.Errorf("count accounts by state: %w", err)
	}
	return Overview{Use: use, States: states}, nil
}

package tracking

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// AccountFilter narrows a list of accounts; nil values do not.
type AccountFilter struct {
	BrandID, GroupID *uuid.UUID
	Platform, Search *string
	States           []string // any of them
}

// ListAccounts returns at most limit accounts older than before (nil: from the newest) in one round trip.
func (r *Reader) ListAccounts(ctx context.Context, clientID uuid.UUID, f AccountFilter, before *uuid.UUID, limit int) ([]db.AccountItem, error) {
	at := lastID
	if before != nil {
		at = *before
	}
	conn, n := r.scope(clientID), int32(limit)
	var rows []db.AccountItem
	var err error
	switch {
	case f.GroupID != nil && f.BrandID == nil:
		rows, err = r.queries.ListAccountItemsByGroup(ctx, conn, db.ListAccountItemsByGroupParams{
			ClientID: clientID, GroupID: *f.GroupID, BeforeID: at, Platform: f.Platform, States: f.States, Search: f.Search, MaxRows: n,
		})
	case f.BrandID != nil:
		rows, err = r.queries.ListAccountItemsByBrand(ctx, conn, db.ListAccountItemsByBrandParams{
			ClientID: clientID, BrandID: *f.BrandID, GroupID: f.GroupID, BeforeID: at, Platform: f.Platform, States: f.States, Search: f.Search, MaxRows: n,
		})
	default:
		rows, err = r.queries.ListAccountItems(ctx, conn, db.ListAccountItemsParams{
			ClientID: clientID, BeforeID: at, Platform: f.Platform, States: f.States, Search: f.Search, MaxRows: n,
		})
	}
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return rows, nil
}

// GetAccount returns one account of the tenant.
func (r *Reader) GetAccount(ctx context.Context, clientID, id uuid.UUID) (db.AccountItem, error) {
	account, err := r.queries.GetAccountItem(ctx, r.scope(clientID), clientID, id)
	if store.IsNotFound(err) {
		return account, fault.New(fault.NotFound, "There is nothing here.")
	}
	if err != nil {
		return account, fmt.Errorf("get account: %w", err)
	}
	return account, nil
}

// NamePosition is the last row of a page that is ordered by name.
type NamePosition struct {
	Name string    `json:"n"` // in lower case, as PostgreSQL lowers it
	ID   uuid.UUID `json:"i,omitzero"`
}

// ListBrands returns at most limit brands behind the position, by name.
func (r *Reader) ListBrands(ctx context.Context, clientID uuid.UUID, behind NamePosition, limit int) ([]db.ListBrandsByNameRow, error) {
	rows, err := r.queries.ListBrandsByName(ctx, r.scope(clientID), db.ListBrandsByNameParams{
		ClientID: clientID, AfterName: behind.Name, MaxRows: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list brands: %w", err)
	}
	return rows, nil
}

// ListGroups returns at most limit account groups of the brand (nil: of all) behind the position, by name.
func (r *Reader) ListGroups(ctx context.Context, clientID uuid.UUID, brandID *uuid.UUID, behind NamePosition, limit int) ([]db.ListGroupsByNameRow, error) {
	rows, err := r.queries.ListGroupsByName(ctx, r.scope(clientID), db.ListGroupsByNameParams{
		ClientID: clientID, BrandID: brandID, AfterName: behind.Name, AfterID: behind.ID, MaxRows: int32(limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list groups: %w", err)
	}
	return rows, nil
}

// Followers is the follower history of an account.
type Followers struct {
	Platform string
	Counts   []FollowerCount // oldest first
}

// FollowerCount is how many followed an account at a time.
type FollowerCount struct {
	MeasuredAt time.Time
	Followers  int64
}

// ListFollowers returns the account's followers over time, as far back as the plan's history goes. Refusals: not_found.
func (r *Reader) ListFollowers(ctx context.Context, clientID, accountID uuid.UUID) (Followers, error) {
	rows, err := r.queries.ListFollowers(ctx, r.scope(clientID), clientID, accountID)
	if err != nil {
		return Followers{}, fmt.Errorf("list followers: %w", err)
	}
	if len(rows) == 0 {
		return Followers{}, fault.New(fault.NotFound, "There is nothing here.")
	}
	out := Followers{Platform: rows[0].Platform}
	for _, row := range rows {
		if row.MeasuredAt != nil && row.Followers != nil {
			out.Counts = append(out.Counts, FollowerCount{*row.MeasuredAt, *row.Followers})
		}
	}
	return out, nil
}

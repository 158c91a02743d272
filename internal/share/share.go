// Package share lets people without an account see one brand's scorecard: by a link with a token that can be revoked and
// ends by itself. Only the token's hash is stored, and what it opens is read-only and of that brand alone. The same
// scorecard goes to the brand's channel in Discord once a week (Weekly).
//
//	made ──► live ──expires_at──► dead
//	           └────revoked─────► dead
package share

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/analytics"
	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	// DefaultLife is how long a link lives for which nothing else is asked.
	DefaultLife = 30 * 24 * time.Hour
	// MaxLife is how long it may.
	MaxLife = 366 * 24 * time.Hour

	tokenBytes = 32
)

// Desk makes, lists and revokes links, and shows what they open. It is safe for concurrent use.
type Desk struct {
	store     *store.Store
	queries   *db.Queries
	figures   *analytics.Reader
	dashboard string
	now       func() time.Time
}

// New returns a Desk on a store of the API's role, or of store.RoleExport for Card alone; dashboard is where links lead,
// "" for nowhere.
func New(st *store.Store, dashboard string, now func() time.Time) *Desk {
	return &Desk{store: st, queries: db.New(), figures: analytics.NewReader(st), dashboard: strings.TrimRight(dashboard, "/"), now: now}
}

// Made is a new link; Token and URL are shown this once.
type Made struct {
	db.InsertShareRow
	Token, URL string
}

// Create makes a link to a brand's scorecard. A zero expiresAt means in 30 days. Refusals: not_found, validation_failed
// (expiresAt).
func (d *Desk) Create(ctx context.Context, by audit.By, clientID, brandID uuid.UUID, expiresAt time.Time) (Made, error) {
	now := d.now().UTC()
	if expiresAt.IsZero() {
		expiresAt = now.Add(DefaultLife)
	}
	if !expiresAt.After(now) || expiresAt.After(now.Add(MaxLife)) {
		return Made{}, fault.Invalid(fault.Field{Name: "expiresAt", Message: "must lie in the future and at most a year from now"})
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Made{}, fmt.Errorf("make share id: %w", err)
	}
	secret := make([]byte, tokenBytes)
	_, _ = rand.Read(secret) // never returns an error (crypto/rand)
	made := Made{Token: base64.RawURLEncoding.EncodeToString(secret)}
	made.URL = d.dashboard + "/shares/" + made.Token
	err = d.store.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		made.InsertShareRow, err = d.queries.InsertShare(ctx, tx, db.InsertShareParams{
			ClientID: clientID, ID: id, BrandID: brandID, TokenHash: hashOf(made.Token), CreatedBy: by.ID, ExpiresAt: expiresAt,
		})
		if _, missing := store.IsMissingReference(err); missing {
			return fault.New(fault.NotFound, "There is nothing here.")
		}
		if err != nil {
			return fmt.Errorf("insert share: %w", err)
		}
		return d.log(ctx, tx, by, clientID, id, audit.ShareCreated,
			audit.Change{Field: "brandId", New: brandID}, audit.Change{Field: "expiresAt", New: expiresAt})
	})
	return made, err
}

// Revoke ends a link. Refusals: not_found, also for one that was revoked before.
func (d *Desk) Revoke(ctx context.Context, by audit.By, clientID, id uuid.UUID) error {
	return d.store.InTenantTx(ctx, clientID, func(tx store.Conn) error {
		gone, err := d.queries.RevokeShare(ctx, tx, clientID, id)
		if store.IsNotFound(err) {
			return fault.New(fault.NotFound, "There is nothing here.")
		}
		if err != nil {
			return fmt.Errorf("revoke share: %w", err)
		}
		return d.log(ctx, tx, by, clientID, id, audit.ShareRevoked,
			audit.Change{Field: "brandId", Old: gone.BrandID}, audit.Change{Field: "expiresAt", Old: gone.ExpiresAt})
	})
}

// List returns at most limit links older than before (nil: from the newest) that were not revoked.
func (d *Desk) List(ctx context.Context, clientID uuid.UUID, before *uuid.UUID, limit int) ([]db.ListSharesRow, error) {
	at := uuid.Max
	if before != nil {
		at = *before
	}
	rows, err := d.queries.ListShares(ctx, d.store.Tenant(clientID), db.ListSharesParams{ClientID: clientID, BeforeID: at, MaxRows: int32(limit)})
	if err != nil {
		return nil, fmt.Errorf("list shares: %w", err)
	}
	return rows, nil
}

func (d *Desk) log(ctx context.Context, tx store.Conn, by audit.By, clientID, id uuid.UUID, action audit.Action, changes ...audit.Change) error {
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: clientID, By: by, Action: action, TargetType: audit.TargetShare, TargetID: id.String(), Changes: changes,
	})
}

// hashOf is what is stored of a token: it is as random as a key, so a plain hash will do.
func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

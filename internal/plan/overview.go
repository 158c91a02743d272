package plan

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// shown is how many accounts an overview names.
const shown = 100

// Account is an account that a plan has no room for.
type Account struct {
	ID                            uuid.UUID
	Platform, Handle, DisplayName string
}

// Accounts are the first of so many.
type Accounts struct {
	Total int64
	Items []Account
}

// Overview is a tenant's plan as people look at it.
type Overview struct {
	db.Entitlement
	Plans   []db.Plan // all there are, the smallest first
	InGrace bool
	Beyond  Accounts // what the end of the grace pauses, as things are
	Paused  Accounts // what the plan has paused
}

// Reader reads plans for the API. It is safe for concurrent use.
type Reader struct {
	store *store.Store
	q     *db.Queries
	now   func() time.Time
}

// NewReader returns a reader over the API's store.
func NewReader(st *store.Store, now func() time.Time) *Reader {
	return &Reader{store: st, q: db.New(), now: now}
}

// Overview returns a tenant's plan, what else there is, and the accounts it has no room for.
func (r *Reader) Overview(ctx context.Context, clientID uuid.UUID) (Overview, error) {
	conn := r.store.Tenant(clientID)
	e, err := Of(ctx, conn, clientID)
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Entitlement: e, InGrace: e.GraceTier != nil && e.GraceUntil != nil && e.GraceUntil.After(r.now())}
	if o.Plans, err = List(ctx, conn); err != nil {
		return Overview{}, err
	}
	paused, err := r.q.ListAccountsPausedByPlan(ctx, conn, clientID, shown)
	if err != nil {
		return Overview{}, fmt.Errorf("list accounts paused by plan: %w", err)
	}
	for _, a := range paused {
		o.Paused.Total = a.Counted
		o.Paused.Items = append(o.Paused.Items, Account{a.ID, a.Platform, a.Handle, a.DisplayName})
	}
	if !o.InGrace {
		return o, nil
	}
	beyond, err := r.q.ListAccountsBeyond(ctx, conn, db.ListAccountsBeyondParams{ClientID: clientID, Room: e.Accounts, MaxRows: shown})
	if err != nil {
		return Overview{}, fmt.Errorf("list accounts beyond plan: %w", err)
	}
	for _, a := range beyond {
		o.Beyond.Total = a.Counted - int64(e.Accounts)
		o.Beyond.Items = append(o.Beyond.Items, Account{a.ID, a.Platform, a.Handle, a.DisplayName})
	}
	return o, nil
}

// Shops is where plans are bought; zero values are not set up.
type Shops struct {
	Checkout    map[string]string // Stripe's payment links by tier
	Portal      string            // Stripe's customer portal
	Application string            // Discord's id of the application
	Discord     Catalogue         // what is sold there
}

// CheckoutURL is where a tier is bought by card for a tenant, "" if it is not. The tenant is told to Stripe, which tells it
// back with the finished checkout (Stripe docs: Payment Links, URL parameters).
func (s Shops) CheckoutURL(tier string, clientID uuid.UUID) string {
	u, err := url.Parse(s.Checkout[tier])
	if err != nil || u.Host == "" {
		return ""
	}
	query := u.Query()
	query.Set("client_reference_id", clientID.String())
	u.RawQuery = query.Encode()
	return u.String()
}

// DiscordURL is where a tier is bought at Discord, "" if it is not (Discord docs: Managing SKUs, links to a SKU).
func (s Shops) DiscordURL(tier string) string {
	first := ""
	for sku, t := range s.Discord {
		if t == tier && (first == "" || sku < first) {
			first = sku
		}
	}
	if first == "" || s.Application == "" {
		return ""
	}
	return "https://discord.com/application-directory/" + s.Application + "/store/" + first
}

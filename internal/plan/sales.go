package plan

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Catalogue tells which plan a product of a seller is: Stripe's prices and products, or Discord's SKUs, by id.
type Catalogue map[string]string

// tierOf is the largest plan among products, nil if none is a plan.
func (c Catalogue) tierOf(products ...string) *string {
	var tier *string
	for _, p := range products {
		if t, ok := c[p]; ok && (tier == nil || size(t) > size(*tier)) {
			tier = &t
		}
	}
	return tier
}

// size orders the tiers the program knows.
func size(tier string) int { return slices.Index([]string{Free, Pro, Enterprise}, tier) }

// SalesConfig is what sellers offer here.
type SalesConfig struct {
	StripeSecret string    // of the webhook; "" refuses Stripe's events
	Stripe       Catalogue // prices and products
	Discord      Catalogue // SKUs
	Log          *slog.Logger
	Now          func() time.Time
}

// Sales takes what sellers say of their grants. It is safe for concurrent use.
type Sales struct {
	store *store.Store
	q     *db.Queries
	cfg   SalesConfig
}

// NewSales returns the sales of a store of the API's or the bot's role.
func NewSales(st *store.Store, cfg SalesConfig) *Sales {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Sales{store: st, q: db.New(), cfg: cfg}
}

// news is something a seller says of one holder.
type news struct {
	source Source
	holder string
	why    string    // for the log of the tenants it changes
	by     *audit.By // who changes them; nil: the seller
	// write stores it, and returns the grants that it is about.
	write func(ctx context.Context, tx store.Conn) (about []string, err error)
	// after writes what has to come once the tenants are settled, whose plans are locked before their logs; may be nil.
	after func(ctx context.Context, tx store.Conn) error
}

func (n news) actor() audit.By {
	if n.by != nil {
		return *n.by
	}
	return bySeller(n.source)
}

// take stores what a seller says and settles the tenants whose grants it changes. One holder is served at a time.
func (s *Sales) take(ctx context.Context, n news) error {
	return s.store.InHolderTx(ctx, n.holder, func(tx store.Conn) error {
		if err := s.q.LockPlanHolder(ctx, tx, n.holder); err != nil {
			return fmt.Errorf("lock holder of plans: %w", err)
		}
		about, err := n.write(ctx, tx)
		if err != nil {
			return err
		}
		clients, err := s.assign(ctx, tx, n, about)
		if err != nil {
			return err
		}
		for _, clientID := range clients {
			if err := store.Enter(ctx, tx, clientID); err != nil {
				return err
			}
			if _, err := Settle(ctx, tx, clientID, s.cfg.Now(), n.actor(), n.why); err != nil {
				return err
			}
		}
		if n.after != nil {
			return n.after(ctx, tx)
		}
		return nil
	})
}

// assign gives each grant of the holder to its tenant, and returns the tenants to settle in the order of their ids, which
// everyone locks them in.
func (s *Sales) assign(ctx context.Context, tx store.Conn, n news, about []string) ([]uuid.UUID, error) {
	grants, err := s.q.ListGrantsOfHolder(ctx, tx, string(n.source), n.holder)
	if err != nil {
		return nil, fmt.Errorf("list grants of holder: %w", err)
	}
	var clients []uuid.UUID
	add := func(id *uuid.UUID) {
		if id != nil && !slices.Contains(clients, *id) {
			clients = append(clients, *id)
		}
	}
	for _, g := range grants {
		whose, err := s.whose(ctx, tx, n, g)
		if err != nil {
			return nil, err
		}
		if !same(whose, g.ClientID) {
			if err := s.q.AssignGrant(ctx, tx, db.AssignGrantParams{ClientID: whose, Source: string(n.source), ID: g.ID}); err != nil {
				return nil, fmt.Errorf("assign grant: %w", err)
			}
			add(g.ClientID)
			add(whose)
		}
		if slices.Contains(about, g.ID) {
			add(whose)
			if whose == nil {
				s.cfg.Log.WarnContext(ctx, "a plan was bought for no tenant that is known; `trackbot admin plan link` names one", "source", n.source, "grant", g.ID, "holder", n.holder)
			}
		}
	}
	slices.SortFunc(clients, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
	return clients, nil
}

// whose is the tenant of a grant: that of its own checkout or link by hand, else the one it names itself, else the one its holder bought for
// first. Of Discord's it is the one whose guild the holder is.
func (s *Sales) whose(ctx context.Context, tx store.Conn, n news, g db.ListGrantsOfHolderRow) (*uuid.UUID, error) {
	if g.OwnClientID != nil {
		return g.OwnClientID, nil
	}
	if n.source == Discord {
		return s.tenantOf(ctx, tx, n.holder)
	}
	if g.Named != nil {
		whose, err := s.namedBy(ctx, tx, *g.Named)
		if err != nil || whose != nil {
			return whose, err
		}
	}
	return g.FirstClientID, nil
}

// namedBy is the tenant of an id, its own or that of its guild; nil when there is none.
func (s *Sales) namedBy(ctx context.Context, tx store.Conn, name string) (*uuid.UUID, error) {
	id, err := uuid.Parse(name)
	if err != nil {
		return s.tenantOf(ctx, tx, name)
	}
	known, err := s.known(ctx, tx, id)
	if err != nil || !known {
		return nil, err
	}
	return &id, nil
}

// known tells whether a tenant exists that somebody names.
func (s *Sales) known(ctx context.Context, tx store.Conn, clientID uuid.UUID) (bool, error) {
	if err := store.Enter(ctx, tx, clientID); err != nil {
		return false, err
	}
	ok, err := s.q.IsClient(ctx, tx, clientID)
	if err != nil {
		return false, fmt.Errorf("look for client: %w", err)
	}
	return ok, nil
}

func same(a, b *uuid.UUID) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func bySeller(s Source) audit.By {
	name := map[Source]string{Stripe: "Stripe", Discord: "Discord"}[s]
	return audit.By{Actor: audit.Actor{ID: string(s), Type: audit.System, Name: name}, Source: audit.FromSystem}
}

package plan

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Change is what settling a tenant's plan did.
type Change struct {
	From, To string
	Source   Source // of the plan it is on now
}

// Changed tells whether the plan is another one.
func (c Change) Changed() bool { return c.From != c.To }

// Settle brings a tenant's plan in step with its grants, in the transaction that changed those and in the tenant's scope.
// A change is in the tenant's log, with why it came where there is a word for it.
func Settle(ctx context.Context, tx store.Conn, clientID uuid.UUID, now time.Time, by audit.By, why string) (Change, error) {
	q := db.New()
	old, err := q.LockSubscription(ctx, tx, clientID)
	if err != nil {
		return Change{}, fmt.Errorf("lock plan: %w", err)
	}
	plans, err := List(ctx, tx)
	if err != nil {
		return Change{}, err
	}
	grants, err := q.ListGrants(ctx, tx, &clientID)
	if err != nil {
		return Change{}, fmt.Errorf("list grants: %w", err)
	}
	r := ranksOf(plans)
	to := decide(r, grants, now)
	change := Change{From: old.Tier, To: to.tier, Source: to.source}
	if err := write(ctx, tx, r, old, to, now); err != nil {
		return Change{}, err
	}
	if !change.Changed() {
		return change, nil
	}
	if r[to.tier] > r[old.Tier] {
		if err := q.FreeHeldByPlan(ctx, tx, clientID); err != nil {
			return Change{}, fmt.Errorf("free what the plan held: %w", err)
		}
	}
	return change, log(ctx, tx, by, old, to, why)
}

// write stores what the grants come to.
func write(ctx context.Context, tx store.Conn, r ranks, old db.Subscription, to standing, now time.Time) error {
	g := grace{tier: old.GraceTier, until: old.GraceUntil}
	since := old.Since
	if old.Tier != to.tier {
		g, since = graceAfter(r, old.Tier, g, to.tier, now), now
	}
	err := db.New().SettleSubscription(ctx, tx, db.SettleSubscriptionParams{
		ClientID: old.ClientID, Tier: to.tier, Source: string(to.source), ExternalID: to.grant, Since: since, EndsAt: to.endsAt,
		GraceTier: g.tier, GraceUntil: g.until, ReviewAt: to.reviewAt,
	})
	if err != nil {
		return fmt.Errorf("write plan: %w", err)
	}
	return nil
}

func log(ctx context.Context, tx store.Conn, by audit.By, old db.Subscription, to standing, why string) error {
	changes := []audit.Change{{Field: "tier", Old: old.Tier, New: to.tier}}
	if old.Source != string(to.source) {
		changes = append(changes, audit.Change{Field: "source", Old: old.Source, New: to.source})
	}
	if why != "" {
		changes = append(changes, audit.Change{Field: "reason", New: why})
	}
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: old.ClientID, By: by, Action: audit.PlanChanged, TargetType: audit.TargetPlan, TargetID: to.tier, Changes: changes,
	})
}

// reviews is how many tenants one Review looks at.
const reviews = 100

// Review settles the tenants of whom a grant has begun or ended by itself; one that fails does not keep the others. It is the
// worker's.
func Review(ctx context.Context, st *store.Store, now time.Time) error {
	clients, err := db.New().ListReviews(ctx, st.Shared(), now, reviews)
	if err != nil {
		return fmt.Errorf("list plans to review: %w", err)
	}
	var failures []error
	for _, clientID := range clients {
		err := st.InTx(ctx, func(tx store.Conn) error {
			_, err := Settle(ctx, tx, clientID, now, bySystem(), "what was granted has begun or ended")
			return err
		})
		if err != nil {
			failures = append(failures, fmt.Errorf("settle plan of client %s: %w", clientID, err))
		}
	}
	return errors.Join(failures...)
}

func bySystem() audit.By {
	return audit.By{Actor: audit.Actor{ID: "plans", Type: audit.System, Name: "Plans"}, Source: audit.FromSystem}
}

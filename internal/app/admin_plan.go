package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"trackbot/internal/fault"
	"trackbot/internal/plan"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// LinkOrder is an operator's word on whom a customer of Stripe's has bought for.
type LinkOrder struct {
	Client    string // a guild's id or the client's own
	Reference string // cus_… or sub_…
	Reason    string // for the guild's log
}

// LinkPlan links what was bought at Stripe to a guild; it is in the guild's audit log.
func LinkPlan(ctx context.Context, o LinkOrder, w io.Writer) error {
	return asOperator(ctx, func(st *store.Store, q *db.Queries) error { return linkPlan(ctx, st, q, o, w) })
}

func linkPlan(ctx context.Context, st *store.Store, q *db.Queries, o LinkOrder, w io.Writer) error {
	client, err := findClient(ctx, st, q, o.Client)
	if err != nil {
		return err
	}
	sales := plan.NewSales(st, plan.SalesConfig{})
	changed, err := sales.Link(ctx, plan.Link{ClientID: client.ID, Reference: o.Reference, Reason: o.Reason, By: byOperator()})
	if refusal := fault.From(err); refusal != nil && len(refusal.Fields) > 0 {
		return fmt.Errorf("%q %s", o.Reference, refusal.Fields[0].Message)
	} else if refusal != nil && refusal.Detail != "" {
		return errors.New(refusal.Detail)
	}
	if err != nil {
		return err
	}
	e, err := plan.Of(ctx, st.Shared(), client.ID)
	if err != nil {
		return err
	}
	verb := "is linked to"
	if !changed {
		verb = "was linked already to"
	}
	_, err = fmt.Fprintf(w, "%s %s %s; it is on %s (%s)\n", o.Reference, verb, client.Name, e.Tier, e.Source)
	return err
}

// ListUnlinked prints what was bought at Stripe for no guild that is known.
func ListUnlinked(ctx context.Context, out Output) error {
	return asOperator(ctx, func(st *store.Store, _ *db.Queries) error { return listUnlinked(ctx, st, out) })
}

func listUnlinked(ctx context.Context, st *store.Store, out Output) error {
	grants, err := plan.Unlinked(ctx, st.Shared())
	if err != nil {
		return err
	}
	var lines [][]string
	for _, g := range grants {
		lines = append(lines, []string{g.ID, g.Holder, orDash(g.Tier), orDash(g.Named), day(&g.EventAt), day(g.EndsAt)})
	}
	return out.list("subscriptions", grants, []string{"SUBSCRIPTION", "CUSTOMER", "PLAN", "NAMES", "HEARD", "ENDS"}, lines)
}

package plan

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Link is whom an operator says a customer of Stripe's, or one of its subscriptions, has bought for. It counts before what a
// checkout says, whenever that comes; a customer's link leaves subscriptions alone that name their tenant themselves.
type Link struct {
	ClientID  uuid.UUID
	Reference string // cus_… or sub_…; of a subscription an event must have been heard, which names its customer
	Reason    string
	By        audit.By
}

// Link notes it and settles the tenants whose grants it moves, in a store of the operator's role. Events of the customer that
// come later find the tenant. It tells whether anything is new. Refusals: validation_failed (reference), not_found (a
// subscription nobody has heard of).
func (s *Sales) Link(ctx context.Context, l Link) (changed bool, err error) {
	holder, reference, err := s.linkTo(ctx, l.Reference)
	if err != nil {
		return false, err
	}
	why := "linked to " + l.Reference + " by hand"
	if l.Reason != "" {
		why += ": " + l.Reason
	}
	err = s.take(ctx, news{source: Stripe, holder: holder, why: why, by: &l.By, write: func(ctx context.Context, tx store.Conn) ([]string, error) {
		n, err := s.q.PutPlanLinkByHand(ctx, tx, db.PutPlanLinkByHandParams{Holder: holder, Reference: reference, ClientID: l.ClientID})
		if err != nil {
			return nil, fmt.Errorf("link holder: %w", err)
		}
		changed = n > 0
		return nil, nil
	}, after: func(ctx context.Context, tx store.Conn) error {
		if !changed {
			return nil
		}
		return l.log(ctx, tx, holder)
	}})
	return changed, err
}

func (l Link) log(ctx context.Context, tx store.Conn, holder string) error {
	changes := []audit.Change{{Field: "reference", New: l.Reference}}
	if l.Reason != "" {
		changes = append(changes, audit.Change{Field: "reason", New: l.Reason})
	}
	return audit.Append(ctx, tx, audit.Entry{
		ClientID: l.ClientID, By: l.By, Action: audit.PlanLinked, TargetType: audit.TargetPlan, TargetID: holder, Changes: changes,
	})
}

// linkTo is the customer of a reference and what of it is linked, "" for all.
func (s *Sales) linkTo(ctx context.Context, reference string) (holder, linked string, err error) {
	switch {
	case !isStripeID(reference):
	case strings.HasPrefix(reference, "cus_"):
		return reference, "", nil
	case strings.HasPrefix(reference, "sub_"):
		holder, err := s.q.GetHolderOfGrant(ctx, s.store.Shared(), string(Stripe), reference)
		if store.IsNotFound(err) {
			return "", "", fault.New(fault.NotFound, "No event of this subscription has been heard yet. Link its customer (cus_…) instead.")
		}
		if err != nil {
			return "", "", fmt.Errorf("read grant: %w", err)
		}
		return holder, reference, nil
	}
	return "", "", fault.Invalid(fault.Field{Name: "reference", Message: "must be a customer (cus_…) or a subscription (sub_…) of Stripe's"})
}

// Unlinked lists what was bought at Stripe for no tenant that is known, the newest first.
func Unlinked(ctx context.Context, conn store.Conn) ([]db.ListUnlinkedGrantsRow, error) {
	grants, err := db.New().ListUnlinkedGrants(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("list unlinked grants: %w", err)
	}
	return grants, nil
}

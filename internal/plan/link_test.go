package plan_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/internal/audit"
	"trackbot/internal/fault"
	"trackbot/internal/plan"
)

func (s *shop) link(client uuid.UUID, reference string) bool {
	s.t.Helper()
	changed, err := plan.NewSales(s.admin, plan.SalesConfig{}).Link(s.t.Context(), plan.Link{ClientID: client, Reference: reference, Reason: "invoice 7", By: operator()})
	if err != nil {
		s.t.Fatalf("link %s: %v", reference, err)
	}
	return changed
}

// Whatever comes when, and however often: what the operator has linked counts.
func TestALinkByHandCountsWhicheverEventsComeBeforeAndAfterIt(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sales := s.sales(s.api)
	const seeds = 12
	for seed := range uint64(seeds) {
		client, other := s.tenant(fmt.Sprintf("1000000000000%04d0", seed)), s.tenant(fmt.Sprintf("1000000000000%04d1", seed))
		sub, customer := fmt.Sprintf("sub_%d", seed), fmt.Sprintf("cus_%d", seed)
		events := []string{
			change{id: "evt_1", kind: "created", sub: sub, customer: customer, status: "incomplete", price: "prod_ent", at: 100}.body(),
			change{id: "evt_2", kind: "updated", sub: sub, customer: customer, status: "active", price: "prod_ent", at: 101}.body(),
			change{id: "evt_3", kind: "updated", sub: sub, customer: customer, status: "active", price: "price_pro", at: 102}.body(),
			checkout("evt_4", "sub_other", customer, other.String(), 90), // the customer's first, for another tenant
		}
		arriving := append([]string{"link"}, append(events, events...)...)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(arriving), func(i, j int) { arriving[i], arriving[j] = arriving[j], arriving[i] })
		for _, body := range arriving {
			if body != "link" {
				s.mustStripe(sales, body)
			} else if !s.link(client, customer) {
				t.Errorf("seed %d: the link is said to be there", seed)
			}
		}
		if a, b := s.of(client), s.of(other); a.Tier != plan.Pro || a.Source != string(plan.Stripe) || b.Tier != plan.Free {
			t.Errorf("seed %d: on %s by %s, the other on %s, after\n%s", seed, a.Tier, a.Source, b.Tier, strings.Join(arriving, "\n"))
		}
		s.mustStripe(sales, change{id: "evt_5", kind: "deleted", sub: sub, customer: customer, status: "canceled", price: "price_pro", at: 103}.body())
		if a := s.of(client); a.Tier != plan.Free {
			t.Errorf("seed %d: on %s after the end", seed, a.Tier)
		}
	}
}

func TestALinkIsNotedOnceAndMovesWhatItNames(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	one, two := s.tenant("100000000000000001"), s.tenant("100000000000000002")
	sales := s.sales(s.api)
	for _, sub := range []string{"sub_1", "sub_2"} {
		s.mustStripe(sales, change{id: "evt_" + sub, kind: "created", sub: sub, customer: "cus_1", status: "active", price: "price_pro", at: 1}.body())
	}
	grants, err := plan.Unlinked(t.Context(), s.admin.Shared())
	if err != nil || len(grants) != 2 || grants[0].Holder != "cus_1" || grants[0].Tier != plan.Pro {
		t.Errorf("unlinked %+v, %v", grants, err)
	}
	if !s.link(one, "cus_1") || s.link(one, "cus_1") {
		t.Error("the first word counts, once")
	}
	if s.of(one).Tier != plan.Pro || s.of(two).Tier != plan.Free {
		t.Errorf("on %s and %s", s.of(one).Tier, s.of(two).Tier)
	}
	s.link(two, "sub_2") // one of them alone
	if a, b := s.of(one).Tier, s.of(two).Tier; a != plan.Pro || b != plan.Pro {
		t.Errorf("on %s and %s", a, b)
	}
	s.link(two, "cus_1")
	if a, b := s.of(one), s.of(two).Tier; a.Tier != plan.Free || a.GraceTier == nil || b != plan.Pro {
		t.Errorf("moved: on %s and %s", a.Tier, b)
	}
	if grants, err := plan.Unlinked(t.Context(), s.admin.Shared()); err != nil || len(grants) != 0 {
		t.Errorf("unlinked %+v, %v", grants, err)
	}
	for client, want := range map[uuid.UUID]string{one: "plan.changed,plan.linked,plan.changed", two: "plan.changed,plan.linked,plan.linked"} {
		if got := s.spoken(client); got != want {
			t.Errorf("log %s, want %s", got, want)
		}
		if report, err := audit.Verify(t.Context(), s.admin.Shared(), client); err != nil || report.BrokenSeq != 0 {
			t.Errorf("chain %+v, %v", report, err)
		}
	}
}

// spoken lists what the operator did to a tenant.
func (s *shop) spoken(client uuid.UUID) string {
	s.t.Helper()
	return one[string](s, "SELECT string_agg(action, ',' ORDER BY seq) FROM audit_log WHERE client_id = $1 AND actor_id = 'operator'", client)
}

func TestASubscriptionThatNamesItsTenantFollowsALinkOfItsOwnAlone(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	named, other := s.tenant("100000000000000001"), s.tenant("100000000000000002")
	sales := s.sales(s.api)
	more := fmt.Sprintf(`,"metadata":{%q:%q}`, plan.MetadataKey, named)
	s.mustStripe(sales, change{id: "evt_1", kind: "created", sub: "sub_1", customer: "cus_1", status: "active", price: "price_pro", at: 1, more: more}.body())
	s.link(other, "cus_1")
	if s.of(named).Tier != plan.Pro || s.of(other).Tier != plan.Free {
		t.Error("a customer's link has moved what names its tenant")
	}
	s.link(other, "sub_1")
	if s.of(other).Tier != plan.Pro || s.of(named).Tier != plan.Free {
		t.Error("a subscription's own link does not count")
	}
}

func TestWhatCannotBeLinkedIsRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	client := s.tenant("100000000000000001")
	for reference, code := range map[string]fault.Code{
		"sub_unheard": fault.NotFound, "": fault.ValidationFailed, "evt_1": fault.ValidationFailed, "cus 1": fault.ValidationFailed, "100000000000000001": fault.ValidationFailed,
	} {
		changed, err := plan.NewSales(s.admin, plan.SalesConfig{}).Link(t.Context(), plan.Link{ClientID: client, Reference: reference, By: operator()})
		if changed || !fault.Is(err, code) {
			t.Errorf("%q: %v", reference, err)
		}
	}
	if n := one[int](s, "SELECT count(*) FROM plan_links"); n != 0 {
		t.Errorf("%d links", n)
	}
}

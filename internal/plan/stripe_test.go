package plan_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"trackbot/internal/fault"
	"trackbot/internal/plan"
	"trackbot/internal/store"
)

func (s *shop) sales(st *store.Store) *plan.Sales {
	return plan.NewSales(st, plan.SalesConfig{
		StripeSecret: stripeSecret, Stripe: plan.Catalogue{"price_pro": plan.Pro, "prod_ent": plan.Enterprise},
		Discord: plan.Catalogue{"900000000000000001": plan.Pro, "900000000000000002": plan.Enterprise},
	})
}

// stripe sends an event as Stripe would.
func (s *shop) stripe(sales *plan.Sales, body string) error {
	return sales.Stripe(s.t.Context(), signed(body, time.Now()), []byte(body))
}

func (s *shop) mustStripe(sales *plan.Sales, body string) {
	s.t.Helper()
	if err := s.stripe(sales, body); err != nil {
		s.t.Fatalf("%s: %v", body, err)
	}
}

// change is one event about a subscription.
type change struct {
	id, kind, sub, customer, status, price string
	at                                     int64
	more                                   string // further fields of the object, each with a comma before
}

func (c change) body() string {
	price := fmt.Sprintf(`{"id":%q,"product":"prod_x"}`, c.price)
	if strings.HasPrefix(c.price, "prod_") {
		price = fmt.Sprintf(`{"id":"price_x","product":{"id":%q,"object":"product"}}`, c.price)
	}
	return fmt.Sprintf(`{"id":%q,"object":"event","type":"customer.subscription.%s","created":%d,"data":{"object":{"id":%q,"object":"subscription","customer":%q,"status":%q,"items":{"data":[{"price":%s}]}%s}}}`,
		c.id, c.kind, c.at, c.sub, c.customer, c.status, price, c.more)
}

func checkout(id, sub, customer, client string, at int64) string {
	return fmt.Sprintf(`{"id":%q,"type":"checkout.session.completed","created":%d,"data":{"object":{"mode":"subscription","customer":%q,"subscription":%q,"client_reference_id":%q}}}`,
		id, at, customer, sub, client)
}

func TestASubscriptionPutsItsTenantOnThePlanWhicheverEventComesFirst(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sales := s.sales(s.api)
	for i, first := range []bool{true, false} {
		client := s.tenant(fmt.Sprintf("10000000000000000%d", i))
		customer, sub := fmt.Sprintf("cus_%d", i), fmt.Sprintf("sub_%d", i)
		events := []string{
			checkout("evt_c", sub, customer, client.String(), 100),
			change{id: "evt_a", kind: "created", sub: sub, customer: customer, status: "active", price: "price_pro", at: 100}.body(),
		}
		if !first {
			events[0], events[1] = events[1], events[0]
		}
		for _, e := range events {
			s.mustStripe(sales, e)
		}
		if e := s.of(client); e.Tier != plan.Pro || e.Source != string(plan.Stripe) {
			t.Errorf("checkout first %t: on %s by %s", first, e.Tier, e.Source)
		}
	}
}

func TestTheStatesOfASubscription(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sales := s.sales(s.api)
	n := int64(0)
	for status, want := range map[string]string{
		"active": plan.Enterprise, "trialing": plan.Enterprise, "past_due": plan.Enterprise,
		"incomplete": plan.Free, "incomplete_expired": plan.Free, "unpaid": plan.Free, "canceled": plan.Free, "paused": plan.Free,
	} {
		n++
		client := s.tenant(fmt.Sprintf("1000000000000001%02d", n))
		named := fmt.Sprintf(`,"metadata":{%q:%q}`, plan.MetadataKey, client)
		s.mustStripe(sales, change{id: "evt_a", kind: "updated", sub: fmt.Sprintf("sub_%d", n), customer: "cus_many", status: status, price: "prod_ent", at: n, more: named}.body())
		if e := s.of(client); e.Tier != want {
			t.Errorf("%s: on %s", status, e.Tier)
		}
	}
}

func TestACancelledSubscriptionCountsUntilItsEnd(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	client, end := s.tenant("100000000000000001"), time.Now().Add(time.Hour).Truncate(time.Second)
	sales := s.sales(s.api)
	s.mustStripe(sales, checkout("evt_c", "sub_1", "cus_1", client.String(), 1))
	s.mustStripe(sales, change{id: "evt_a", kind: "updated", sub: "sub_1", customer: "cus_1", status: "active", price: "price_pro", at: 2, more: fmt.Sprintf(`,"cancel_at":%d`, end.Unix())}.body())
	if e := s.of(client); e.Tier != plan.Pro || e.EndsAt == nil || !e.EndsAt.Equal(end) {
		t.Fatalf("%+v", e)
	}
	if err := plan.Review(t.Context(), s.worker, end.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if e := s.of(client); e.Tier != plan.Free || e.GraceTier == nil {
		t.Errorf("after its end %+v", e)
	}
}

func TestACustomerMayBuyForSeveralTenants(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	one, two, other := s.tenant("100000000000000001"), s.tenant("100000000000000002"), s.tenant("100000000000000003")
	sales := s.sales(s.api)
	s.mustStripe(sales, checkout("evt_1", "sub_1", "cus_1", one.String(), 1))
	s.mustStripe(sales, checkout("evt_2", "sub_2", "cus_1", two.String(), 2))
	s.mustStripe(sales, change{id: "evt_3", kind: "created", sub: "sub_1", customer: "cus_1", status: "active", price: "price_pro", at: 3}.body())
	s.mustStripe(sales, change{id: "evt_4", kind: "created", sub: "sub_2", customer: "cus_1", status: "active", price: "prod_ent", at: 4}.body())
	if a, b, c := s.of(one).Tier, s.of(two).Tier, s.of(other).Tier; a != plan.Pro || b != plan.Enterprise || c != plan.Free {
		t.Errorf("on %s, %s and %s", a, b, c)
	}
	// One that no checkout tells of belongs to whom the customer bought for first.
	s.mustStripe(sales, change{id: "evt_5", kind: "created", sub: "sub_3", customer: "cus_1", status: "active", price: "prod_ent", at: 5}.body())
	if a := s.of(one).Tier; a != plan.Enterprise {
		t.Errorf("on %s", a)
	}
}

func TestWhatCannotBeForATenantChangesNothing(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	client := s.tenant("100000000000000001")
	sales := s.sales(s.api)
	for _, body := range []string{
		`{"id":"evt_1","type":"invoice.paid","created":1,"data":{"object":{"id":7}}}`,
		`{"id":"evt_1","type":"something.new","created":1}`,
		checkout("evt_1", "sub_1", "cus_1", uuid.NewString(), 1),
		checkout("evt_1", "sub_1", "cus_1", "../"+client.String(), 1),
		strings.Replace(checkout("evt_1", "sub_1", "cus_1", client.String(), 1), `"subscription",`, `"payment",`, 1),
		strings.Replace(checkout("evt_1", "sub_1", "cus_1", client.String(), 1), `"cus_1"`, `null`, 1),
		change{id: "evt_2", kind: "created", sub: "sub_1", customer: "cus_1", status: "active", price: "price_pro", at: 1}.body(),
		change{id: "evt_3", kind: "created", sub: "sub_2", customer: "cus_2", status: "active", price: "price_other", at: 1, more: fmt.Sprintf(`,"metadata":{%q:%q}`, plan.MetadataKey, client)}.body(),
	} {
		s.mustStripe(sales, body)
	}
	if e := s.of(client); e.Tier != plan.Free {
		t.Errorf("on %s by %s", e.Tier, e.Source)
	}
	if n := one[int](s, "SELECT count(*) FROM audit_log"); n != 0 {
		t.Errorf("%d entries in the log", n)
	}
}

func TestEventsThatCannotBeReadOrBelievedAreRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sales := s.sales(s.api)
	for _, body := range []string{
		``, `[]`, `{"id":"evt 1","type":"customer.subscription.updated"}`, `{"id":"evt_1","type":"customer.subscription.updated"}`,
		change{id: "evt_1", kind: "updated", sub: "sub_1\u0000", customer: "cus_1", status: "active", at: 1}.body(),
		change{id: "evt_1", kind: "updated", sub: "sub_1", customer: "", status: "active", at: 1}.body(),
	} {
		if err := s.stripe(sales, body); !fault.Is(err, fault.ValidationFailed) {
			t.Errorf("%s: %v", body, err)
		}
	}
	body := change{id: "evt_1", kind: "updated", sub: "sub_1", customer: "cus_1", status: "active", at: 1}.body()
	for _, signature := range []string{"", signed(body, time.Now().Add(-time.Hour)), signed(body+" ", time.Now())} {
		if err := sales.Stripe(t.Context(), signature, []byte(body)); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%q: %v", signature, err)
		}
	}
	if err := plan.NewSales(s.api, plan.SalesConfig{}).Stripe(t.Context(), "", nil); !fault.Is(err, fault.NotImplemented) {
		t.Errorf("without a secret: %v", err)
	}
	if n := one[int](s, "SELECT count(*) FROM plan_grants"); n != 0 {
		t.Errorf("%d grants", n)
	}
}

// What happened at a seller, in its order, and what it comes to.
type history struct {
	events []string
	want   map[uuid.UUID]string
}

// histories draws what three tenants buy at Stripe by two customers. Several events may fall into one second, as far as they
// differ in kind or by the first payment.
func histories(clients []uuid.UUID, run string) *rapid.Generator[history] {
	return rapid.Custom(func(t *rapid.T) history {
		h := history{want: map[uuid.UUID]string{}}
		for _, c := range clients {
			h.want[c] = plan.Free
		}
		for n := range rapid.IntRange(1, 4).Draw(t, "subscriptions") {
			h.buy(t, n, run, rapid.SampledFrom(clients).Draw(t, "client"))
		}
		return h
	})
}

func (h *history) buy(t *rapid.T, n int, run string, client uuid.UUID) {
	at := int64(rapid.IntRange(1000, 1005).Draw(t, "at"))
	c := change{
		sub: fmt.Sprintf("sub_%s_%d", run, n), customer: fmt.Sprintf("cus_%s_%d", run, rapid.IntRange(0, 1).Draw(t, "customer")),
		kind: "created", status: "incomplete", price: rapid.SampledFrom([]string{"price_pro", "prod_ent"}).Draw(t, "price"),
	}
	add := func() {
		c.id, c.at = fmt.Sprintf("evt_%s_%d_%d", run, n, len(h.events)), at
		h.events = append(h.events, c.body())
	}
	add()
	h.events = append(h.events, checkout(fmt.Sprintf("evt_%s_%d_c", run, n), c.sub, c.customer, client.String(), at))
	at += int64(rapid.IntRange(0, 1).Draw(t, "pays after"))
	c.kind, c.status = "updated", "active"
	add()
	for range rapid.IntRange(0, 3).Draw(t, "updates") {
		at++
		c.status = rapid.SampledFrom([]string{"active", "past_due", "unpaid"}).Draw(t, "status")
		c.price = rapid.SampledFrom([]string{"price_pro", "prod_ent"}).Draw(t, "price")
		add()
	}
	if rapid.Bool().Draw(t, "ends") {
		at += int64(rapid.IntRange(0, 1).Draw(t, "ends after"))
		c.kind, c.status = "deleted", "canceled"
		add()
	}
	bought := map[string]string{"price_pro": plan.Pro, "prod_ent": plan.Enterprise}[c.price]
	if (c.status == "active" || c.status == "past_due") && h.want[client] != plan.Enterprise {
		h.want[client] = bought
	}
}

func TestReplaysDuplicatesAndDisorderEndInTheRightPlan(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sales := s.sales(s.api)
	const seeds = 30
	for seed := range seeds {
		run := fmt.Sprint(seed)
		var clients []uuid.UUID
		for n := range 3 {
			clients = append(clients, s.tenant(fmt.Sprintf("1000000000000%04d%d", seed, n)))
		}
		h := histories(clients, run).Example(seed)
		arriving := rapid.Custom(func(t *rapid.T) []string {
			again := rapid.SliceOfN(rapid.SampledFrom(h.events), 0, len(h.events)).Draw(t, "again")
			return rapid.Permutation(append(again, h.events...)).Draw(t, "order")
		}).Example(seed)
		for i, body := range arriving {
			if err := s.stripe(sales, body); err != nil {
				t.Fatalf("seed %d, event %d: %v", seed, i, err)
			}
		}
		for client, want := range h.want {
			if got := s.of(client).Tier; got != want {
				t.Errorf("seed %d: on %s, want %s, after\n%s", seed, got, want, strings.Join(arriving, "\n"))
			}
		}
	}
}

func TestEventsThatArriveAtOnceEndInTheRightPlan(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	client := s.tenant("100000000000000001")
	events := []string{
		checkout("evt_1", "sub_1", "cus_1", client.String(), 1), checkout("evt_2", "sub_2", "cus_1", client.String(), 2),
		change{id: "evt_3", kind: "created", sub: "sub_1", customer: "cus_1", status: "incomplete", price: "price_pro", at: 3}.body(),
		change{id: "evt_4", kind: "updated", sub: "sub_1", customer: "cus_1", status: "active", price: "price_pro", at: 3}.body(),
		change{id: "evt_5", kind: "created", sub: "sub_2", customer: "cus_1", status: "active", price: "prod_ent", at: 4}.body(),
		change{id: "evt_6", kind: "deleted", sub: "sub_2", customer: "cus_1", status: "canceled", price: "prod_ent", at: 5}.body(),
	}
	var all sync.WaitGroup
	for range 3 {
		for _, body := range events {
			sales := s.sales(s.api)
			all.Go(func() {
				if err := s.stripe(sales, body); err != nil {
					t.Errorf("%s: %v", body, err)
				}
			})
		}
	}
	all.Wait()
	if e := s.of(client); e.Tier != plan.Pro || e.Source != string(plan.Stripe) {
		t.Errorf("on %s by %s", e.Tier, e.Source)
	}
}

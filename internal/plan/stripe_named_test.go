package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"trackbot/internal/plan"
)

func TestASubscriptionMaySayItselfWhatAndForWhomItIs(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	sales := plan.NewSales(s.api, plan.SalesConfig{StripeSecret: stripeSecret}) // without a catalogue
	for i, metadata := range []string{
		`{"guildId":"GUILD","tier":"pro"}`, `{"guild_id":"GUILD","tier":"pro"}`, `{"clientId":"CLIENT","tier":"pro"}`, `{"trackbot_client":"CLIENT","guildId":"1","tier":"pro"}`,
	} {
		guild := fmt.Sprintf("1000000000000001%02d", i)
		client := s.tenant(guild)
		told := strings.NewReplacer("GUILD", guild, "CLIENT", client.String()).Replace(metadata)
		buy := change{id: "evt_a", kind: "created", sub: fmt.Sprintf("sub_%d", i), customer: fmt.Sprintf("cus_%d", i), status: "active", price: "price_unknown", at: 1, more: `,"metadata":` + told}
		s.mustStripe(sales, buy.body())
		if e := s.of(client); e.Tier != plan.Pro {
			t.Errorf("%s: on %s", told, e.Tier)
		}
		buy.id, buy.kind, buy.status, buy.at = "evt_b", "deleted", "canceled", 2
		s.mustStripe(sales, buy.body())
		if e := s.of(client); e.Tier != plan.Free {
			t.Errorf("%s: on %s when it is over", told, e.Tier)
		}
	}
	client := s.tenant("100000000000000199")
	for n, body := range []string{
		`{"id":"evt_c","type":"customer.subscription.created","created":1,"data":{"object":{"id":"sub_c","customer":"cus_c","status":"active","metadata":{"tier":"gold","clientId":"CLIENT"},"items":{"data":[{"price":{"id":"p","product":"q","lookup_key":"pro"}}]}}}}`,
		`{"id":"evt_d","type":"customer.subscription.updated","created":2,"data":{"object":{"id":"sub_c","customer":"cus_c","status":"active","metadata":{"clientId":"CLIENT"},"items":{"data":[{"price":{"id":"p","product":"q","metadata":{"tier":"enterprise"}}}]}}}}`,
	} {
		s.mustStripe(sales, strings.ReplaceAll(body, "CLIENT", client.String()))
		if e := s.of(client); e.Tier != []string{plan.Pro, plan.Enterprise}[n] {
			t.Errorf("%s: on %s", body, e.Tier)
		}
	}
	stranger := s.tenant("100000000000000198")
	s.mustStripe(sales, change{id: "evt_e", kind: "created", sub: "sub_e", customer: "cus_e", status: "active", price: "price_unknown", at: 1, more: `,"metadata":{"guildId":"100000000000000000; --","tier":"pro"}`}.body())
	if e := s.of(stranger); e.Tier != plan.Free {
		t.Errorf("a stranger is on %s", e.Tier)
	}
}

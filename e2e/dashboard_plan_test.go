package e2e_test

import (
	"net/http"
	"testing"
)

// What the dashboard's world sells: the browser's test of plans signs Stripe's events itself.
const (
	stripeSecret   = "whsec_of_the_dashboards_world"
	stripePlans    = "price_pro=pro"
	stripeCheckout = "pro=https://buy.stripe.test/pro"
)

// planned does to the plan of the owner's second guild what a test cannot wait for: fill gives it 13 accounts, which no
// worker polls, and end lets its grace be over.
func (d *dashboardStack) planned(t *testing.T, action string) int {
	t.Helper()
	switch action {
	case "fill":
		for _, sql := range []string{
			`INSERT INTO brands (client_id, id, name) SELECT id, gen_random_uuid(), 'Plan' FROM clients WHERE guild_id = $1`,
			`INSERT INTO account_groups (client_id, id, brand_id, name) SELECT b.client_id, gen_random_uuid(), b.id, 'Plan'
				FROM brands b JOIN clients c ON c.id = b.client_id WHERE c.guild_id = $1 AND b.name = 'Plan'`,
			`WITH s AS (INSERT INTO sources (id, platform, external_id, handle, display_name, url, state, lane, last_polled_at, next_poll_at)
				SELECT gen_random_uuid(), 'rss', 'https://plan.example/' || n, 'plan' || n || '.example', 'Paper ' || to_char(n, 'FM00'),
					'https://plan.example/' || n, 'ok', 0, now(), now() + interval '1 day' FROM generate_series(1, 13) n
				RETURNING id, display_name)
			INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at, created_at)
				SELECT g.client_id, gen_random_uuid(), g.brand_id, g.id, s.id, now(), now() + make_interval(secs => substr(s.display_name, 7)::int)
				FROM s, account_groups g JOIN clients c ON c.id = g.client_id WHERE c.guild_id = $1 AND g.name = 'Plan'`,
		} {
			d.exec(t, sql, secondGuild)
		}
	case "end":
		d.exec(t, `UPDATE subscriptions SET grace_until = now() WHERE client_id = (SELECT id FROM clients WHERE guild_id = $1)`, secondGuild)
	default:
		return http.StatusNotFound
	}
	return http.StatusNoContent
}

// judged suspends the owner's second guild as an operator does, or resumes it.
func (d *dashboardStack) judged(t *testing.T, action string) int {
	t.Helper()
	env := map[string]string{"DATABASE_URL": d.env["DATABASE_URL"]}
	if code, _, errOut := execute(t, env, "admin", "client", action, secondGuild, "--reason", "Unpaid since March"); code != 0 {
		t.Errorf("%s: exit %d: %s", action, code, errOut)
		return http.StatusInternalServerError
	}
	return http.StatusNoContent
}

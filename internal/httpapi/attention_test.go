package httpapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/api"
)

func kinds(needs []api.Attention) []string {
	out := []string{}
	for _, a := range needs {
		out = append(out, fmt.Sprint(a.Kind, " ", a.Count))
	}
	return out
}

func TestGuildTellsWhatNeedsAManager(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	if g := decode[api.GuildDetail](t, n.read("")); g.Attention == nil || len(g.Attention) != 0 {
		t.Errorf("of nothing: %+v", g.Attention)
	}
	brand, channel := n.brand("B"), n.channel()
	group := n.group(brand, "G")
	accounts := map[string]string{
		"failing": `UPDATE sources SET state = 'failing', state_since = '2026-03-01T10:00:00Z' WHERE handle = 'failing'`,
		"gone":    `UPDATE sources SET state = 'gone' WHERE handle = 'gone'`,
		"over":    `UPDATE client_accounts SET paused = 'paused_by_plan', paused_since = now() WHERE source_id = (SELECT id FROM sources WHERE handle = 'over')`,
		"paused":  `UPDATE client_accounts SET paused = 'paused', paused_since = now() WHERE source_id = (SELECT id FROM sources WHERE handle = 'paused')`,
		"fine":    `UPDATE sources SET state = 'ok' WHERE handle = 'fine'`,
	}
	for _, handle := range []string{"failing", "gone", "over", "paused", "fine"} {
		account := n.account(group, "rss", handle)
		n.exec(accounts[handle])
		if handle == "fine" {
			for _, state := range []string{"dead", "dead", "sent", "retry"} {
				n.deliver(n.post(account, "post", state, 1), channel, state, "")
			}
		}
	}
	n.exec(`UPDATE sources SET state = 'failing' WHERE handle = 'paused'`)
	n.exec(`UPDATE deliveries SET queued_at = now() - interval '8 days' WHERE id = (SELECT id FROM deliveries WHERE state = 'dead' LIMIT 1)`)
	n.exec(`UPDATE guild_channels SET paused_at = now(), paused_reason = 'missing_access' WHERE client_id = $1`, n.client)
	g := decode[api.GuildDetail](t, n.read(""))
	want := []string{"paused_channels 1", "no_channel 3", "undelivered 1", "failing_accounts 1", "gone_accounts 1", "paused_by_plan 1"}
	if got := kinds(g.Attention); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if since := g.Attention[3].Since.MustGet(); !since.Equal(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)) || !g.Attention[1].Since.IsNull() {
		t.Errorf("since %+v", g.Attention)
	}
	n.exec(`INSERT INTO routes (client_id, id, brand_id, channel_id, paused_at) VALUES ($1, $2, $3, $4, now())`, n.client, newID(), brand, channel)
	list := decode[api.GuildList](t, n.get("/guilds", n.token))
	if len(list.Items) != 1 || list.Items[0].Accounts != 5 || !slices.Contains(kinds(list.Items[0].Attention), "paused_routes 1") || slices.Contains(kinds(list.Items[0].Attention), "no_channel 3") {
		t.Errorf("in the list: %+v", list.Items)
	}
	if list := decode[api.GuildList](t, other.get("/guilds", other.token)); list.Items[0].Accounts != 0 || len(list.Items[0].Attention) != 0 {
		t.Errorf("another's: %+v", list.Items)
	}
}

func TestUsageTellsWhatIsUsedOfEachLimit(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("B"), "G")
	n.account(group, "rss", "a")
	n.account(group, "rss", "b")
	n.exec(`UPDATE client_accounts SET paused = 'paused_by_plan', paused_since = now() WHERE source_id = (SELECT id FROM sources WHERE handle = 'b')`)
	n.exec(`INSERT INTO usage_daily (client_id, day, notifications_sent) VALUES ($1, (now() AT TIME ZONE 'UTC')::date, 7), ($1, (now() AT TIME ZONE 'UTC')::date - 1, 70)`, n.client)
	n.exec(`INSERT INTO exports (client_id, id, kind, format, state, rows, requested_by) VALUES ($1, gen_random_uuid(), 'posts', 'csv', 'done', 40, 'x'), ($1, gen_random_uuid(), 'posts', 'csv', 'done', 30, 'x')`, n.client)
	u := decode[api.Usage](t, n.read("/usage?from=2026-03-01&to=2026-03-01"))
	got := []string{}
	for _, q := range u.Quotas {
		got = append(got, fmt.Sprint(q.Name, " ", q.Used, "/", q.Limit, " ", q.ResetsAt.IsNull()))
	}
	if want := []string{"accounts 1/10 true", "brands 1/3 true", "notificationsPerDay 7/200 false", "exportRows 40/10000 true"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if at := u.Quotas[2].ResetsAt.MustGet(); time.Until(at.Time) > 24*time.Hour || time.Until(at.Time) < 0 || at.UTC().Hour() != 0 {
		t.Errorf("resets at %v", at)
	}
}

func TestAttentionTellsOfLimitsAndOfWhatAGraceEndsWith(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("B"), "G")
	plan := func() (got []string) {
		for _, k := range kinds(decode[api.GuildDetail](t, n.read("")).Attention) {
			if !strings.HasPrefix(k, "no_channel") {
				got = append(got, k)
			}
		}
		return got
	}
	for i := range 8 {
		if got := plan(); len(got) != 0 {
			t.Fatalf("with %d accounts: %v", i, got)
		}
		n.account(group, "rss", fmt.Sprint("a", i))
	}
	if got := plan(); !slices.Equal(got, []string{"limit_near 1"}) {
		t.Errorf("with 8 of 10 accounts: %v", got)
	}
	for i := range 4 {
		n.account(group, "rss", fmt.Sprint("b", i))
	}
	n.exec(`INSERT INTO usage_daily (client_id, day, notifications_sent) VALUES ($1, (now() AT TIME ZONE 'UTC')::date, 200)`, n.client)
	if got := plan(); !slices.Equal(got, []string{"limit_reached 2"}) {
		t.Errorf("with 12 of 10 accounts and all messages sent: %v", got)
	}
	n.exec(`UPDATE subscriptions SET grace_tier = 'pro', grace_until = now() + interval '1 day' WHERE client_id = $1`, n.client)
	if got := plan(); !slices.Equal(got, []string{"plan_grace 2", "limit_reached 1"}) {
		t.Errorf("in the grace: %v", got)
	}
}

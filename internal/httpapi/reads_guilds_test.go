package httpapi_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
	"trackbot/internal/limit"
)

func TestGuildsAreTheCallersOwnByName(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	ann, bob := w.addUser(t, "ann"), w.addUser(t, "bob")
	want := map[string]string{}
	for _, name := range []string{"delta", "Alpha", "bravo", "Charlie"} {
		want[name] = w.addGuildNamed(t, name, ann)
	}
	want["Echo"] = w.addGuildNamed(t, "Echo", bob, ann)
	w.addGuildNamed(t, "Aardvark", bob)
	n := &newsroom{signInWorld: w, t: t}
	n.exec("UPDATE subscriptions SET tier = 'pro' FROM clients c WHERE c.id = client_id AND c.name = 'bravo'")
	token := w.signIn(t, ann).AccessToken
	for limit := 1; limit <= 6; limit++ {
		var names []string
		for cursor := ""; ; {
			page := decode[api.GuildList](t, w.get(fmt.Sprintf("/guilds?limit=%d%s", limit, cursor), token))
			for _, g := range page.Items {
				names = append(names, g.Name)
				if g.ID != want[g.Name] || g.Bot.Status != "unknown" || g.CanManage == (g.Name == "Echo") || (g.Tier == "pro") != (g.Name == "bravo") ||
					g.IconURL.MustGet() != "https://cdn.discordapp.com/icons/"+g.ID+"/c0ffee.png" {
					t.Errorf("guild %+v", g)
				}
			}
			next, err := page.NextCursor.Get()
			if err != nil {
				break
			}
			cursor = "&cursor=" + next
		}
		if !slices.Equal(names, []string{"Alpha", "bravo", "Charlie", "delta", "Echo"}) {
			t.Errorf("pages of %d: %v", limit, names)
		}
	}
	page := decode[api.GuildList](t, w.get("/guilds?limit=1", token))
	stolen := w.get("/guilds?limit=1&cursor="+page.NextCursor.MustGet(), w.signIn(t, bob).AccessToken)
	if p := problemOf(t, stolen); p.Code != "validation_failed" || fields(p)["cursor"] == "" {
		t.Errorf("cursor of another user: %+v", p)
	}
	n.exec("UPDATE clients SET removed_at = now() WHERE name = 'Alpha'")
	if page := decode[api.GuildList](t, w.get("/guilds?limit=1", token)); page.Items[0].Name != "bravo" {
		t.Errorf("after the bot was removed: %+v", page.Items)
	}
}

func TestGuildTellsItsSettingsLimitsAndCounts(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	group := n.group(n.brand("Northwind"), "Creators")
	account := n.account(group, "rss", "feed")
	n.post(account, "post", "new", 1)
	n.post(account, "post", "old", 31*24*60)
	n.exec(`UPDATE guild_settings SET timezone = 'Europe/Berlin', quiet_hours_start = '22:00', quiet_hours_end = '07:00', breakout_factor = 2.5 WHERE client_id = $1`, n.client)
	n.exec(`INSERT INTO bot_health VALUES ('main', now(), 2, 3, 'online', '1.2.3')`)
	answer := n.read("")
	g := decode[api.GuildDetail](t, answer)
	if g.ID != n.guildID || g.ClientID != n.client || g.Tier != "free" || !g.CanManage || g.Bot.Status != "online" {
		t.Errorf("guild %+v", g)
	}
	if g.Counts != (api.GuildCounts{Brands: 1, Groups: 1, Accounts: 1, Posts30D: 1}) {
		t.Errorf("counts %+v", g.Counts)
	}
	if g.Limits != (api.Limits{Accounts: 10, Brands: 3, MinPollIntervalSeconds: 900, NotificationsPerDay: 200, HistoryDays: 90, ExportRows: 10000, RequestsPerMinute: 60}) {
		t.Errorf("limits %+v", g.Limits)
	}
	s := g.Settings
	if s.Timezone != "Europe/Berlin" || s.QuietHours.MustGet() != (api.QuietHours{Start: "22:00", End: "07:00"}) || s.BreakoutFactor.MustGet() != 2.5 ||
		!s.DefaultChannelID.IsNull() || !s.MentionRoleID.IsNull() || s.Digest != "off" || s.DashboardAccess != "members" || s.EmbedColor != "#5865f2" {
		t.Errorf("settings %+v", s)
	}
	tag := answer.Header().Get("ETag")
	if again := n.read("", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != tag {
		t.Errorf("unchanged: got %d", again.Code)
	}
	n.brand("Contoso")
	changed := n.read("", "If-None-Match", tag)
	if changed.Code != http.StatusOK || changed.Header().Get("ETag") == tag || tag[:6] != `W/"v1.` {
		t.Errorf("changed: got %d, tags %s and %s", changed.Code, tag, changed.Header().Get("ETag"))
	}
	n.exec(`UPDATE clients SET unavailable_since = now() WHERE id = $1`, n.client)
	if g := decode[api.GuildDetail](t, n.read("")); g.Bot.Status != "degraded" {
		t.Errorf("while Discord has lost the guild: %s", g.Bot.Status)
	}
	if list := decode[api.GuildList](t, n.get("/guilds", n.token)); list.Items[0].Bot.Status != "degraded" {
		t.Errorf("in the list: %s", list.Items[0].Bot.Status)
	}
}

func TestStatusTellsOfBotQueuesAndPlatforms(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n, other := newNewsroom(t, w, "Newsroom"), newNewsroom(t, w, "Elsewhere")
	s := decode[api.GuildStatus](t, n.read("/status"))
	if s.Bot.Status != "unknown" || !s.Bot.LastHeartbeat.IsNull() || !s.Bot.Version.IsNull() || len(s.Sources) != 0 || s.Queue != (api.QueueStates{}) {
		t.Errorf("of nothing: %+v", s)
	}
	for _, of := range []*newsroom{n, other} {
		group, channel := of.group(of.brand("B"), "G"), of.channel()
		feed, paused := of.account(group, "rss", "feed"), of.account(group, "bluesky", "paused")
		of.account(group, "bluesky", "waits")
		of.exec(`UPDATE client_accounts SET paused = 'paused', paused_since = now() WHERE id = $1`, paused)
		for _, state := range []string{"pending", "sending", "retry", "sent", "dead", "skipped"} {
			of.deliver(of.post(feed, "post", state, 1), channel, state, "")
		}
		of.exec(`INSERT INTO exports (client_id, id, kind, format, state, requested_by, created_at)
			SELECT $1, gen_random_uuid(), 'posts', 'csv', s, 'x', now() - interval '90 seconds' FROM unnest('{queued,running,done}'::text[]) s`, of.client)
	}
	n.exec(`UPDATE sources SET next_poll_at = now() - interval '2 minutes' WHERE handle IN ('feed', 'paused')`)
	n.exec(`UPDATE deliveries SET queued_at = now() - interval '1 minute' WHERE state = 'retry'`)
	n.exec(`UPDATE sources SET state = 'incident', state_since = '2026-11-01T10:00:00Z' WHERE handle = 'waits'`)
	n.exec(`INSERT INTO bot_health VALUES ('main', now() - interval '80 seconds', 2, 3, 'degraded', '1.2.3')`)
	s = decode[api.GuildStatus](t, n.read("/status"))
	if s.Bot.Status != "degraded" || s.Bot.ShardCount != 2 || s.Bot.GuildCount != 3 || s.Bot.Version.MustGet() != "1.2.3" || time.Since(s.CheckedAt.Time) > time.Minute {
		t.Errorf("bot %+v at %v", s.Bot, s.CheckedAt)
	}
	waited := func(q api.QueueState, depth, seconds int64) {
		t.Helper()
		if q.Depth != depth || q.OldestSeconds < seconds || q.OldestSeconds > seconds+30 {
			t.Errorf("queue %+v, want %d for %d s", q, depth, seconds)
		}
	}
	waited(s.Queue.Poll, 1, 120)
	waited(s.Queue.Notify, 3, 60)
	waited(s.Queue.Export, 2, 90)
	if len(s.Sources) != 2 || s.Sources[0].Platform != "bluesky" || s.Sources[0].State != "incident" ||
		!s.Sources[0].Since.MustGet().Equal(time.Date(2026, 11, 1, 10, 0, 0, 0, time.UTC)) || s.Sources[1].State != "ok" {
		t.Errorf("sources %+v", s.Sources)
	}
	n.exec(`UPDATE bot_health SET last_heartbeat = now() - interval '91 seconds'`)
	if s := decode[api.GuildStatus](t, n.read("/status")); s.Bot.Status != "offline" {
		t.Errorf("after three missed heartbeats: %s", s.Bot.Status)
	}
}

func TestUsageCountsTheRequestsThatWereMade(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n := newNewsroom(t, w, "Newsroom")
	deps := w.deps
	deps.Limits = limit.New(w.api, limit.Config{Patience: time.Minute, Meter: limit.NewMeter(w.api, slog.New(slog.DiscardHandler), time.Now)})
	limited, err := httpapi.New(deps)
	n.must(err)
	var made int64
	for made < 5 {
		another := time.Now().AddDate(0, 0, -int(made)).UTC().Format(time.DateOnly) // answers are kept for seconds
		u := decode[api.Usage](t, call{method: "GET", path: n.path("/usage?from=" + another), token: n.token}.send(limited))
		if made++; u.Totals.APIRequests != made || u.Series[len(u.Series)-1].APIRequests != made {
			t.Fatalf("request %d: %+v", made, u.Totals)
		}
	}
}

func TestUsageIsToldByUTCDay(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Newsroom")
	n.exec(`UPDATE guild_settings SET timezone = 'Pacific/Auckland' WHERE client_id = $1`, n.client)
	n.exec(`INSERT INTO usage_daily VALUES ($1, '2026-03-01', 1, 2, 3, 4, 5), ($1, '2026-03-03', 10, 20, 30, 40, 50), ($1, '2026-03-04', 7, 7, 7, 7, 7)`, n.client)
	for _, query := range []string{"from=2026-03-01&to=2026-03-03", "from=2026-03-01T23:00:00Z&to=2026-03-03T00:00:01Z", "from=2026-03-02T00:30:00%2B01:00&to=2026-03-04T00:00:00Z"} {
		u := decode[api.Usage](t, n.read("/usage?"+query))
		if len(u.Series) != 3 || u.Totals != (api.UsageFigures{Polls: 11, PostsTracked: 22, NotificationsSent: 33, APIRequests: 44, Exports: 55}) || u.Tier != "free" || u.Limits.Brands != 3 {
			t.Fatalf("%s: %+v", query, u)
		}
		if u.Period.From.String() != "2026-03-01 00:00:00 +0000 UTC" || u.Period.To.String() != "2026-03-04 00:00:00 +0000 UTC" {
			t.Errorf("%s: period %v", query, u.Period)
		}
		if gap := u.Series[1]; gap.Date.String() != "2026-03-02" || gap.Polls != 0 || u.Series[2].Polls != 10 || u.Series[2].Date.String() != "2026-03-03" {
			t.Errorf("%s: series %+v", query, u.Series)
		}
	}
	if u := decode[api.Usage](t, n.read("/usage")); len(u.Series) != 30 || u.Series[29].Date.String() != time.Now().UTC().Format(time.DateOnly) {
		t.Errorf("without bounds %d days to %v", len(u.Series), u.Series[len(u.Series)-1].Date)
	}
	if u := decode[api.Usage](t, n.read("/usage?from=2025-01-01&to=2026-01-01")); len(u.Series) != 366 {
		t.Errorf("the longest period has %d days", len(u.Series))
	}
	for query, field := range map[string]string{
		"from=2025-01-01&to=2026-01-02": "from", "from=0001-01-01T00:00:00Z": "from", "from=2026-03-02&to=2026-03-01": "to", "from=2026-02-30": "from",
		"from=" + url.QueryEscape("yesterday"): "from", "from=2999-01-01": "from", "day=1": "day", "to=0001-01-01T00:00:00Z&from=0001-01-01T00:00:00Z": "to",
	} {
		answer := n.read("/usage?" + query)
		if p := problemOf(t, answer); p.Code != "validation_failed" || fields(p)[field] == "" {
			t.Errorf("%s: %s", query, answer.Body)
		}
	}
}

func TestMembersReadUnlessTheGuildIsForManagers(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	open, closed := newNewsroom(t, w, "Open"), newNewsroom(t, w, "Closed")
	closed.exec(`UPDATE guild_settings SET dashboard_access = 'managers' WHERE client_id = $1`, closed.client)
	mia, max := open.member("mia"), closed.member("max")
	for _, tail := range []string{"", "/usage", "/status", "/brands", "/groups", "/accounts", "/posts", "/channels", "/roles", "/analytics"} {
		if answer := w.get("/guilds/"+open.guildID+tail, mia); answer.Code != http.StatusOK {
			t.Errorf("%s to a member: got %d", tail, answer.Code)
		}
		wantProblem(t, problemOf(t, w.get("/guilds/"+closed.guildID+tail, max)), fault.NotFound)
	}
}

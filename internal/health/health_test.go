package health_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/internal/health"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// house is a service with something in each of its queues.
type house struct {
	t       *testing.T
	admin   *store.Store
	worker  *store.Store
	figures *health.Figures
	reader  *health.Reader
	reg     *prometheus.Registry
}

func newHouse(t *testing.T) *house {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role, store.WithMaxConns(2))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	h := &house{t: t, admin: open(store.RoleAdmin), worker: open(store.RoleWorker), reg: prometheus.NewRegistry()}
	h.reader = health.NewReader(h.worker, time.Now)
	h.figures = health.NewFigures(h.reader)
	h.reg.MustRegister(h.figures)
	return h
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.admin.Shared().Exec(context.WithoutCancel(h.t.Context()), sql, args...); err != nil {
		h.t.Fatalf("%s: %v", sql, err)
	}
}

// tenants makes so many, each with an account that is due, a delivery that waits, and some use today.
func (h *house) tenants(n int) {
	h.t.Helper()
	h.exec(`INSERT INTO clients (id, guild_id, name, owner_id)
		SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, (200000000000000000 + n)::text, 'Guild ' || n, '100000000000000001' FROM generate_series(1, $1::int) n`, n)
	h.exec(`INSERT INTO subscriptions (client_id, tier) SELECT id, CASE WHEN guild_id = '200000000000000001' THEN 'pro' ELSE 'free' END FROM clients`)
	h.exec(`INSERT INTO brands (client_id, id, name) SELECT id, id, 'B' FROM clients`)
	h.exec(`INSERT INTO account_groups (client_id, id, brand_id, name) SELECT id, id, id, 'G' FROM clients`)
	h.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, state, host, next_poll_at)
		SELECT id, 'rss', guild_id, 'feed', 'Feed', 'https://feed.test', (right(guild_id, 3)::int % 256)::smallint, 'ok', 'feed.test', now() - interval '90 seconds' FROM clients`)
	h.exec(`INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at) SELECT id, id, id, id, id, now() FROM clients`)
	h.exec(`INSERT INTO deliveries (client_id, id, kind, notice_key, channel_id, payload, state, detected_at, queued_at)
		SELECT id, id, 'notice', 'n', guild_id, '{}', 'pending', now(), now() - make_interval(secs => right(guild_id, 3)::int * 60) FROM clients`)
	h.exec(`INSERT INTO channel_queues (client_id, channel_id, due_at) SELECT id, guild_id, now() FROM clients`)
	h.exec(`INSERT INTO usage_daily (client_id, day, polls, api_requests) SELECT id, (now() AT TIME ZONE 'UTC')::date, right(guild_id, 3)::int, 0 FROM clients`)
}

// told reads the registry; the key is the name with the label values.
func (h *house) told() map[string]float64 {
	h.t.Helper()
	families, err := h.reg.Gather()
	if err != nil {
		h.t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			key := f.GetName()
			for _, l := range m.GetLabel() {
				key += " " + l.GetValue()
			}
			out[key] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	return out
}

func (h *house) read() map[string]float64 {
	h.t.Helper()
	if err := h.figures.ReadQuick(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	if err := h.figures.ReadSlow(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	return h.told()
}

func TestFiguresTellWhatWaitsAndForHowLong(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.tenants(3)
	h.exec(`INSERT INTO exports (client_id, id, kind, format, requested_by, created_at) SELECT id, id, 'posts', 'csv', 'u', now() - interval '5 minutes' FROM clients LIMIT 1`)
	h.exec(`INSERT INTO bot_health (id, last_heartbeat, shard_count, guild_count, status, version) VALUES ('main', now() - interval '2 minutes', 1, 3, 'online', 'v')`)
	h.exec(`UPDATE clients SET suspended_at = now(), suspended_reason = 'unpaid' WHERE id = (SELECT client_id FROM subscriptions WHERE tier = 'free' LIMIT 1)`)
	h.exec(`UPDATE sources SET state = 'failing' WHERE external_id = '200000000000000003'`)
	got := h.read()
	for key, want := range map[string]float64{
		"trackbot_queue_depth poll": 3, "trackbot_queue_depth notify": 3, "trackbot_queue_depth export": 1, "trackbot_queue_depth held": 0, "trackbot_queue_depth measure": 0,
		"trackbot_sources rss ok": 2, "trackbot_sources rss failing": 1, "trackbot_tenants free": 2, "trackbot_tenants pro": 1, "trackbot_tenants_suspended free": 1, "trackbot_tenants_suspended pro": 0,
		"trackbot_bot_guilds main": 3, "trackbot_bot_status main online": 1, "trackbot_bot_status main offline": 0, "trackbot_audit_chains_broken": 0,
		"trackbot_tenant_used_today polls 200000000000000003 free": 3,
	} {
		if value, ok := got[key]; !ok || value != want {
			t.Errorf("%s is %v (told: %t), want %v", key, value, ok, want)
		}
	}
	for key, least := range map[string]float64{
		"trackbot_queue_oldest_seconds poll": 90, "trackbot_queue_oldest_seconds notify": 180, "trackbot_queue_oldest_seconds export": 300,
		"trackbot_bot_heartbeat_age_seconds main": 120, "trackbot_database_size_bytes": 1 << 20, "trackbot_database_backends": 1,
		"trackbot_database_table_bytes deliveries": 8192, "trackbot_tenant_oldest_delivery_seconds 200000000000000003 free": 180,
	} {
		if value := got[key]; value < least || key[:14] == "trackbot_queue" && value > least+120 {
			t.Errorf("%s is %v, want at least %v", key, value, least)
		}
	}
	if problems, err := testutil.GatherAndLint(h.reg); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

// What names tenants stays small, however many there are.
func TestNoMoreThanTenTenantsAreNamedForAFigure(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.tenants(40)
	named := map[string]int{}
	for key := range h.read() {
		for _, family := range []string{"trackbot_tenant_used_today polls ", "trackbot_tenant_waiting_deliveries ", "trackbot_tenant_oldest_delivery_seconds "} {
			if strings.HasPrefix(key, family) {
				named[family]++
			}
		}
	}
	for family, n := range named {
		if n != 10 {
			t.Errorf("%d tenants are named in %s", n, family)
		}
	}
	if len(named) != 3 {
		t.Errorf("told: %v", named)
	}
}

func TestAReadingThatFailsTakesItsFiguresAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if got := h.read(); len(got) == 0 {
		t.Fatal("nothing was told")
	}
	h.worker.Close()
	if err := h.figures.ReadQuick(t.Context()); err == nil {
		t.Error("queues were read from a closed pool")
	}
	if err := h.figures.ReadSlow(t.Context()); err == nil {
		t.Error("figures were read from a closed pool")
	}
	if got := h.told(); len(got) != 0 {
		t.Errorf("still told: %v", got)
	}
}

func TestTheOverviewTellsPeopleTheSame(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.tenants(2)
	h.exec(`INSERT INTO platform_incidents (id, platform, host, started_at) VALUES (gen_random_uuid(), 'rss', 'feed.test', now())`)
	h.exec(`UPDATE sources SET state = 'incident'`)
	h.exec(`UPDATE channel_queues SET lease_token = gen_random_uuid(), lease_until = now() + interval '20 seconds' WHERE channel_id = '200000000000000001'`)
	o, err := h.reader.Overview(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(o.Queues) != 5 || len(o.Incidents) != 1 || o.Incidents[0].Held != 2 || len(o.Waits) != 2 || o.Waits[0].GuildID != "200000000000000002" {
		t.Errorf("got %+v", o)
	}
	for _, l := range o.Leases {
		if want := map[string]int64{"channel": 1}[l.Kind]; l.Held != want {
			t.Errorf("%d leases of kind %s", l.Held, l.Kind)
		}
	}
	for _, q := range o.Queues {
		if q.Queue == "notify" && (q.Depth != 2 || q.WithinMinute != 0 || q.WithinTen != 2) {
			t.Errorf("notify: %+v", q)
		}
	}
}

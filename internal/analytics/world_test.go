package analytics_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/analytics"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// world is a database with tenants, and what reads and rolls up their figures.
type world struct {
	t      *testing.T
	url    string
	admin  *store.Store
	api    *store.Store
	reader *analytics.Reader
	roller *analytics.Roller
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, url: testkit.NewDB(t).OwnerURL}
	w.admin, w.api = w.open(store.RoleAdmin), w.open(store.RoleAPI)
	w.reader = analytics.NewReader(w.api)
	w.roller = analytics.NewRoller(w.open(store.RoleWorker), slog.New(slog.DiscardHandler))
	return w
}

func (w *world) open(role store.Role) *store.Store {
	w.t.Helper()
	st, err := store.Open(w.t.Context(), w.url, role, store.WithMaxConns(3))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(st.Close)
	return st
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.admin.Shared().Exec(w.t.Context(), sql, args...)
	w.must(err)
}

func (w *world) roll() {
	w.t.Helper()
	w.must(w.roller.Roll(w.t.Context()))
	if n := w.count("SELECT count(*) FROM figure_marks"); n != 0 {
		w.t.Fatalf("%d marks are left", n)
	}
}

func (w *world) count(sql string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.admin.Shared().QueryRow(w.t.Context(), sql, args...).Scan(&n))
	return n
}

// tenant is a client in a time zone with two brands of two accounts each, of which the first has no views.
type tenant struct {
	*world
	client   uuid.UUID
	zone     *time.Location
	brands   []uuid.UUID
	groups   []uuid.UUID
	accounts []uuid.UUID
}

func (w *world) tenant(guild, zoneName string) *tenant {
	w.t.Helper()
	n := &tenant{world: w, client: uuid.Must(uuid.NewV7()), zone: zone(w.t, zoneName)}
	w.exec("INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'N', '300000000000000001')", n.client, guild)
	w.exec("INSERT INTO guild_settings (client_id, timezone) VALUES ($1, $2)", n.client, zoneName)
	for i := range 2 {
		brand, group := uuid.New(), uuid.New()
		w.exec("INSERT INTO brands (client_id, id, name) VALUES ($1, $2, $3)", n.client, brand, fmt.Sprintf("Brand %d", i))
		w.exec("INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, 'G')", n.client, group, brand)
		n.brands, n.groups = append(n.brands, brand), append(n.groups, group)
		for j := range 2 {
			id, platform := uuid.New(), []string{"bluesky", "youtube"}[j]
			w.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, state, last_polled_at)
				VALUES ($1::uuid, $2, $1::text, $3, '', '', 1, 'ok', '2026-03-01T00:00:00Z')`, id, platform, fmt.Sprintf("h%d%d", i, j))
			w.exec("INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id) VALUES ($1, $2, $3, $4, $2)", n.client, id, brand, group)
			n.accounts = append(n.accounts, id)
		}
	}
	return n
}

// post gives an account a post; youtube has views, both have likes.
func (n *tenant) post(account uuid.UUID, at time.Time, count int) uuid.UUID {
	n.t.Helper()
	id := uuid.New()
	n.exec(`WITH a AS (SELECT a.*, s.platform FROM client_accounts a JOIN sources s ON s.id = a.source_id WHERE a.id = $2),
			sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at) SELECT $1::uuid, source_id, $1::text, '', $3 FROM a RETURNING id)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, published_at, first_seen_at, views, likes)
		SELECT client_id, $1::uuid, a.id, brand_id, group_id, sp.id, platform, 'post', $1::text, '', $3, now(), CASE WHEN platform = 'youtube' THEN $4::int END, $4 FROM a, sp`,
		id, account, at, count)
	return id
}

func (n *tenant) period(from, to string, interval analytics.Interval) analytics.Period {
	n.t.Helper()
	read := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, n.zone)
		n.must(err)
		return at
	}
	p, err := analytics.NewPeriod(read(from), read(to), time.Now(), n.zone, interval)
	n.must(err)
	return p
}

func (n *tenant) report(p analytics.Period, f analytics.Filter, by analytics.GroupBy) analytics.Report {
	n.t.Helper()
	rep, err := n.reader.Report(n.t.Context(), n.client, p, f, by)
	n.must(err)
	return rep
}

func (n *tenant) setZone(name string) {
	n.t.Helper()
	n.zone = zone(n.t, name)
	n.exec("UPDATE guild_settings SET timezone = $2 WHERE client_id = $1", n.client, name)
}

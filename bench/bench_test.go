package bench_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// rounds is how often each side of a comparison runs, turn about, so that noise hits both alike.
const rounds = 400

// median runs the functions in turn and returns the median time of each.
func median(b *testing.B, fns ...func() error) []time.Duration {
	b.Helper()
	times := make([][]time.Duration, len(fns))
	for round := range rounds + rounds/10 {
		for i, fn := range fns {
			start := time.Now()
			if err := fn(); err != nil {
				b.Fatal(err)
			}
			if round >= rounds/10 { // the first tenth warms up
				times[i] = append(times[i], time.Since(start))
			}
		}
	}
	out := make([]time.Duration, len(fns))
	for i, t := range times {
		out[i] = middle(t)
	}
	return out
}

func middle(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}

func row(b *testing.B, what string, got, base time.Duration, aim string) {
	b.Helper()
	fmt.Printf("%-46s %9s  against %9s  = %.2fx  (aim %s)\n", what, got.Round(time.Microsecond), base.Round(time.Microsecond), float64(got)/float64(base), aim)
}

type database struct {
	url   string
	admin *pgxpool.Pool // row level security admits everything: the baseline
	watch *pgx.Conn     // watches the others
}

func newDatabase(b *testing.B) database {
	b.Helper()
	url := testkit.NewDB(b).OwnerURL
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		b.Fatal(err)
	}
	cfg.ConnConfig.RuntimeParams["role"] = string(store.RoleAdmin)
	// As the API's sessions are, so that a comparison shows the tenant scope and nothing else.
	cfg.ConnConfig.RuntimeParams["random_page_cost"] = "1.1"
	cfg.ConnConfig.RuntimeParams["jit"] = "off"
	cfg.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	pool, err := pgxpool.NewWithConfig(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	watch, err := pgx.Connect(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = watch.Close(context.Background()) }) // nothing is written
	return database{url: url, admin: pool, watch: watch}
}

func (d database) open(b *testing.B, role store.Role) *store.Store {
	b.Helper()
	st, err := store.Open(b.Context(), d.url, role)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(st.Close)
	return st
}

func (d database) exec(b *testing.B, sql string, args ...any) {
	b.Helper()
	if _, err := d.admin.Exec(b.Context(), sql, args...); err != nil {
		b.Fatal(err)
	}
}

// tenant makes a tenant with the given number of accounts, round-robin over four platforms.
func (d database) tenant(b *testing.B, guild string, accounts int) uuid.UUID {
	b.Helper()
	client, brand, group := uuid.New(), uuid.New(), uuid.New()
	d.exec(b, `INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'Guild', '100000000000000001')`, client, guild)
	d.exec(b, `INSERT INTO guild_settings (client_id) VALUES ($1)`, client)
	d.exec(b, `INSERT INTO subscriptions (client_id, tier) VALUES ($1, 'enterprise')`, client)
	d.exec(b, `INSERT INTO brands (client_id, id, name) VALUES ($1, $2, 'Brand')`, client, brand)
	d.exec(b, `INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, 'Group')`, client, group, brand)
	d.exec(b, `WITH s AS (
			INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, last_polled_at)
			SELECT gen_random_uuid(), (ARRAY['rss', 'bluesky', 'mastodon', 'youtube'])[1 + n % 4], $4 || '/' || n, 'h' || n, 'Account ' || n, 'https://x.test', 1, now()
			FROM generate_series(1, $5::int) n RETURNING id)
		INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
		SELECT $1, gen_random_uuid(), $2, $3, id, now() FROM s`, client, brand, group, guild, accounts)
	return client
}

// fill gives the tenant's accounts posts of about 500 bytes, one a minute back from now.
func (d database) fill(b *testing.B, client uuid.UUID, posts int) {
	b.Helper()
	d.exec(b, `WITH a AS (
			SELECT c.*, s.platform, row_number() OVER () - 1 AS nr, count(*) OVER () AS total
			FROM client_accounts c JOIN sources s ON s.id = c.source_id WHERE c.client_id = $1
		), n AS (
			SELECT generate_series(1, $2::int) AS n
		), sp AS (
			INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
			SELECT gen_random_uuid(), a.source_id, 'p' || n, '\x00', now() - n * interval '1 minute'
			FROM n JOIN a ON a.nr = n % a.total RETURNING id, source_id, external_id, published_at
		)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body,
		                   author_name, published_at, first_seen_at, views, likes)
		SELECT a.client_id, gen_random_uuid(), a.id, a.brand_id, a.group_id, sp.id, a.platform,
		       (ARRAY['post', 'video', 'short', 'reply'])[1 + abs(hashtext(sp.external_id)) % 4],
		       sp.external_id, 'https://x.test/' || sp.external_id, 'Title ' || sp.external_id, repeat('Some text of a post. ', 20), 'Author',
		       sp.published_at, now(), abs(hashtext(sp.external_id)) % 100000, abs(hashtext(sp.external_id)) % 1000
		FROM sp JOIN a ON a.source_id = sp.source_id`, client, posts)
}

// analyze refreshes what the planner knows, as autovacuum would; only the owner may.
func (d database) analyze(b *testing.B) {
	b.Helper()
	owner, err := pgx.Connect(b.Context(), d.url)
	if err != nil {
		b.Fatal(err)
	}
	defer owner.Close(b.Context()) // nothing is written
	if _, err := owner.Exec(b.Context(), `VACUUM ANALYZE`); err != nil {
		b.Fatal(err)
	}
}

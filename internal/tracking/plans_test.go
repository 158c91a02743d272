package tracking_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
)

// lastQuery remembers the last query of a tenant-scoped read.
type lastQuery struct {
	mu   sync.Mutex
	sql  string
	args []any
	sent int // queries in the last batch, which is one round trip
}

func (l *lastQuery) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sql, l.args = data.SQL, data.Args
	return ctx
}
func (l *lastQuery) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (l *lastQuery) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = 0
	return ctx
}

func (l *lastQuery) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sql, l.args, l.sent = data.SQL, data.Args, l.sent+1
}

func (l *lastQuery) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// seedPosts gives a tenant posts over 100 accounts in 4 brands and 8 groups, one a minute back from now.
const seedPosts = `WITH b AS (
		INSERT INTO brands (client_id, id, name) SELECT $1, gen_random_uuid(), 'B' || n FROM generate_series(0, 3) n RETURNING id, name
	), g AS (
		INSERT INTO account_groups (client_id, id, brand_id, name)
		SELECT $1, gen_random_uuid(), b.id, 'G' || n FROM b, generate_series(0, 1) n RETURNING id, brand_id
	), g2 AS (SELECT *, row_number() OVER () - 1 AS nr FROM g
	), s AS (
		INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane)
		SELECT gen_random_uuid(), (ARRAY['rss', 'bluesky', 'mastodon', 'youtube'])[1 + n % 4], $1 || '/' || n, 'h' || n, 'N', 'https://x.test', 1
		FROM generate_series(0, 99) n RETURNING id, platform
	), a AS (
		INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id)
		SELECT $1, gen_random_uuid(), g2.brand_id, g2.id, s.id
		FROM (SELECT *, row_number() OVER () - 1 AS nr FROM s) s JOIN g2 ON g2.nr = s.nr % 8 RETURNING *
	), a2 AS (SELECT a.*, s.platform, row_number() OVER () - 1 AS nr FROM a JOIN s ON s.id = a.source_id
	), sp AS (
		INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
		SELECT gen_random_uuid(), a2.source_id, 'p' || n, '\x00', now() - n * interval '1 minute'
		FROM generate_series(1, $2::int) n JOIN a2 ON a2.nr = n % 100 RETURNING id, source_id, external_id, published_at
	)
	INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body, published_at, first_seen_at, views, likes)
	SELECT a2.client_id, gen_random_uuid(), a2.id, a2.brand_id, a2.group_id, sp.id, a2.platform,
	       (ARRAY['post', 'video', 'short', 'reply'])[1 + abs(hashtext(sp.external_id)) % 4], sp.external_id, 'https://x.test', 'T', 'B',
	       sp.published_at, now(), abs(hashtext(sp.external_id)) % 100000, abs(hashtext(sp.external_id)) % 1000
	FROM sp JOIN a2 ON a2.source_id = sp.source_id`

// seedDeliveries gives the newest tenth of the posts a delivery.
const seedDeliveries = `INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, state, detected_at)
	SELECT client_id, gen_random_uuid(), 'post', id, '200000000000000001', 'sent', now()
	FROM posts WHERE client_id = $1 AND published_at > now() - interval '13 days'`

func TestEveryListReadsItsIndexInOneRoundTrip(t *testing.T) {
	t.Parallel()
	url := testkit.NewDB(t).OwnerURL
	admin, err := store.Open(t.Context(), url, store.RoleAdmin, store.WithMaxConns(2))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(admin.Close)
	f := &fixture{t: t, admin: admin}
	client, _, _ := f.tenant("200000000000000001")
	f.exec(seedPosts, client, 190_000)
	f.exec(seedDeliveries, client)
	other, _, _ := f.tenant("200000000000000002")
	f.exec(seedPosts, other, 10_000)
	analyze(t, url)

	last := &lastQuery{}
	api, err := store.Open(t.Context(), url, store.RoleAPI, store.WithMaxConns(2), store.WithTracer(last))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	reader := tracking.NewReader(api)
	id := func(column string) *uuid.UUID {
		v := scan[uuid.UUID](f, fmt.Sprintf(`SELECT %s FROM posts WHERE client_id = $1 LIMIT 1`, column), client)
		return &v
	}
	text := func(s string) *string { return &s }
	week := tracking.PostFilter{From: time.Now().Add(-7 * 24 * time.Hour), To: time.Now()}
	middle := &tracking.PostPosition{Published: time.Now().Add(-60 * 24 * time.Hour), ID: uuid.New()}
	posts := map[string]tracking.PostFilter{
		"posts_by_time":     {},
		"posts_by_account":  {AccountID: id("account_id"), Kind: text("video")},
		"posts_by_group":    {GroupID: id("group_id")},
		"posts_by_brand":    {BrandID: id("brand_id")},
		"posts_by_platform": {Platform: text("youtube")},
		"posts_by_kind":     {Kind: text("reply")},
		"posts_by_views":    {Sort: tracking.SortViews},
		"posts_by_likes":    {Sort: tracking.SortLikes},
	}
	check := func(index string, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", index, err)
		}
		if last.sent != 2 {
			t.Errorf("%s: %d queries in the batch, want the scope and the list", index, last.sent)
		}
		plan := explain(t, api, client, last.sql, last.args)
		if !strings.Contains(plan, index) || strings.Contains(plan, "Seq Scan on posts") || strings.Contains(plan, "Sort Key: p") || strings.Contains(plan, "Sort Key: a.") {
			t.Errorf("%s is not what this plan reads in order:\n%s", index, plan)
		}
	}
	for index, filter := range posts {
		_, err := reader.ListPosts(t.Context(), client, filter, nil, 50)
		check(index, err)
		if filter.Sort == "" {
			_, err = reader.ListPosts(t.Context(), client, filter, middle, 50)
			check(index, err)
		}
	}
	_, err = reader.ListPosts(t.Context(), client, week, nil, 50)
	check("posts_by_time", err)
	accounts := map[string]tracking.AccountFilter{
		"client_accounts_pkey":     {},
		"client_accounts_by_brand": {BrandID: id("brand_id")},
		"client_accounts_by_group": {GroupID: id("group_id")},
	}
	for index, filter := range accounts {
		_, err := reader.ListAccounts(t.Context(), client, filter, nil, 50)
		check(index, err)
		filter.States = []string{"failing", "gone"}
		_, err = reader.ListAccounts(t.Context(), client, filter, nil, 50)
		check(index, err)
	}
}

func TestAClaimReadsOnlyTheSourcesItTakes(t *testing.T) {
	t.Parallel()
	url := testkit.NewDB(t).OwnerURL
	asked := &statements{}
	workers, err := store.Open(t.Context(), url, store.RoleWorker, store.WithMaxConns(2), store.WithTracer(asked))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(workers.Close)
	if _, err := workers.Shared().Exec(t.Context(), `INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
		SELECT gen_random_uuid(), 'rss', n::text, 'h', 'N', 'https://x.test', n % 7, now() FROM generate_series(1, 20000) n`); err != nil {
		t.Fatal(err)
	}
	analyze(t, url)
	polls := tracking.NewPolls(workers, tracking.Schedule{Min: time.Minute}, time.Now)
	if _, err := polls.Claim(t.Context(), 64, time.Minute); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(asked.all, func(s statement) bool { return strings.HasPrefix(s.sql, "-- name: ClaimSources ") })
	if at < 0 {
		t.Fatal("no claim was seen")
	}
	if plan := explain(t, workers, uuid.New(), asked.all[at].sql, asked.all[at].args); strings.Contains(plan, "Seq Scan on sources") || !strings.Contains(plan, "sources_due") {
		t.Errorf("the claim reads more than it takes:\n%s", plan)
	}
}

func analyze(t *testing.T, url string) {
	t.Helper()
	owner, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(t.Context())) // nothing is written
	if _, err := owner.Exec(t.Context(), `VACUUM ANALYZE`); err != nil {
		t.Fatal(err)
	}
}

// explain shows the generic plan, which serves every argument: the API's sessions use no other.
func explain(t *testing.T, api *store.Store, client uuid.UUID, sql string, args []any) string {
	t.Helper()
	literals := make([]string, len(args))
	for i, arg := range args {
		literals[i] = literal(t, arg)
	}
	var plan strings.Builder
	err := api.InTenantTx(t.Context(), client, func(tx store.Conn) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL plan_cache_mode = force_generic_plan"); err != nil {
			return err
		}
		name := "plan_" + strings.ReplaceAll(uuid.NewString(), "-", "")
		if _, err := tx.Exec(t.Context(), "PREPARE "+name+" AS "+sql); err != nil {
			return err
		}
		rows, err := tx.Query(t.Context(), "EXPLAIN (ANALYZE, BUFFERS) EXECUTE "+name+"("+strings.Join(literals, ", ")+")")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				return err
			}
			plan.WriteString(line + "\n")
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatalf("explain %s: %v", sql, err)
	}
	return plan.String()
}

func literal(t *testing.T, arg any) string {
	t.Helper()
	switch v := arg.(type) {
	case uuid.UUID:
		return "'" + v.String() + "'"
	case time.Time:
		return "'" + v.UTC().Format(time.RFC3339Nano) + "'"
	case string:
		return "'" + v + "'"
	case int32, int64, float64:
		return fmt.Sprint(v)
	case *time.Time:
		if v != nil {
			return literal(t, *v)
		}
	case *uuid.UUID:
		if v != nil {
			return "'" + v.String() + "'"
		}
	case *string:
		if v != nil {
			return "'" + *v + "'"
		}
	case []string:
		if v != nil {
			return "'{" + strings.Join(v, ",") + "}'"
		}
	default:
		t.Fatalf("no literal for %T", arg)
	}
	return "NULL"
}

package tracking_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
)

// statements remembers all that a store asks of the database.
type statements struct {
	mu    sync.Mutex
	all   []statement
	trips int // messages that waited for an answer
}

type statement struct {
	sql  string
	args []any
}

func (s *statements) note(trips int, sql string, args []any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trips += trips
	if strings.HasPrefix(sql, "-- name:") {
		s.all = append(s.all, statement{sql, args})
	}
}

func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.note(1, data.SQL, data.Args)
	return ctx
}

func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (s *statements) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	s.note(1, "", nil)
	return ctx
}

func (s *statements) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	s.note(0, data.SQL, data.Args)
}

func (*statements) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// followed makes sources that a tenant follows, with a post and its delivery each.
const followed = `WITH s AS (
		INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane)
		SELECT gen_random_uuid(), 'rss', $1::uuid || '/' || n, 'h', 'N', 'https://x.test', 1 FROM generate_series(1, 6000) n RETURNING id
	), a AS (
		INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
		SELECT $1, gen_random_uuid(), $2, $3, id, now() FROM s RETURNING *
	), sp AS (
		INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at) SELECT gen_random_uuid(), source_id, 'p', '\x00', now() FROM a RETURNING id, source_id
	), p AS (
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, published_at, first_seen_at)
		SELECT $1, gen_random_uuid(), a.id, $2, $3, sp.id, 'rss', 'post', 'p', '', '', now(), now() FROM sp JOIN a ON a.source_id = sp.source_id RETURNING id
	)
	INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, state, detected_at)
	SELECT $1, gen_random_uuid(), 'post', id, '1', 'sent', now() FROM p`

// large are the tables that grow with the tenants and what they track.
var large = regexp.MustCompile(`Seq Scan on (sources|client_accounts|source_posts|posts|post_metrics|deliveries|follower_metrics)\b`)

func TestAPollWithNewPostsReadsNoTableInWholeAndAsksFewTimes(t *testing.T) {
	t.Parallel()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role, options ...store.Option) *store.Store {
		st, err := store.Open(t.Context(), url, role, options...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	asked := &statements{}
	worker := open(store.RoleWorker, store.WithTracer(asked))
	f := &fixture{t: t, admin: open(store.RoleAdmin), now: time.Now().UTC()}
	f.polls = tracking.NewPolls(worker, tracking.Schedule{Min: time.Minute}, func() time.Time { return f.now })
	client, brand, group := f.tenant("200000000000000001")
	f.exec(followed, client, brand, group)
	src := f.source(1)
	f.track(client, brand, group, src)
	analyze(t, url)
	posts := func(first int) (out []source.Post) {
		for n := range 10 {
			out = append(out, source.Post{ExternalID: fmt.Sprint("new ", first+n), URL: "https://x.test", Title: "T", Body: "B", Kind: "post", PublishedAt: f.now.Add(-time.Duration(n) * time.Hour)})
		}
		return out
	}
	turn := func() tracking.Due {
		f.exec(`UPDATE sources SET next_poll_at = $2 WHERE id = $1`, src, f.now.Add(-time.Second))
		return f.claim()
	}
	f.store(turn(), source.FetchResult{Posts: posts(0)}) // the baseline
	due := turn()
	before := asked.trips
	f.store(due, source.FetchResult{Posts: posts(100)})
	if got := asked.trips - before; got > 8 {
		t.Errorf("%d round trips for a poll with ten new posts", got)
	}
	if n := scan[int](f, "SELECT count(*) FROM deliveries d JOIN posts p ON p.id = d.post_id AND p.external_id LIKE 'new%' WHERE d.state = 'pending'"); n != 10 {
		t.Fatalf("%d deliveries of the new posts", n)
	}
	seen := map[string]bool{}
	for _, s := range asked.all {
		if plan := explained(t, worker, s); large.MatchString(plan) {
			t.Errorf("%s\n%s", s.sql, plan)
		}
		seen[s.sql] = true
	}
	if len(seen) < 10 {
		t.Errorf("only %d statements were seen", len(seen))
	}
}

func explained(t *testing.T, st *store.Store, s statement) string {
	t.Helper()
	rows, err := st.Shared().Query(t.Context(), "EXPLAIN (COSTS OFF) "+s.sql, s.args...)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("explain %s: %v", s.sql, err)
	}
	return strings.Join(plan, "\n")
}

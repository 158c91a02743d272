package worker_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
	"trackbot/internal/worker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, testkit.IgnoreServer()) }

// bench is a worker on a database of its own whose one tenant tracks the given addresses.
type bench struct {
	t      *testing.T
	admin  *store.Store
	worker *worker.Worker
	client uuid.UUID
	group  uuid.UUID
	brand  uuid.UUID
	open   func(store.Role) *store.Store
}

func newBench(t *testing.T, patience time.Duration) *bench {
	t.Helper()
	return newBenchOn(t, source.Config{AllowPrivate: true, Timeout: patience}, worker.Config{})
}

func newBenchOn(t *testing.T, sources source.Config, cfg worker.Config) *bench {
	t.Helper()
	url := testkit.NewDB(t).OwnerURL
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), url, role, store.WithMaxConns(4))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	cfg.Idle = 5 * time.Millisecond
	b := &bench{t: t, admin: open(store.RoleAdmin), client: uuid.New(), group: uuid.New(), brand: uuid.New(), open: open}
	adapters := source.New(sources)
	t.Cleanup(adapters.Close)
	polls := tracking.NewPolls(open(store.RoleWorker), tracking.Schedule{Min: 5 * time.Minute}, time.Now)
	b.worker = worker.New(polls, adapters, slog.New(slog.DiscardHandler), cfg)
	b.exec(`INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, '200000000000000001', 'Guild', '100000000000000001')`, b.client)
	b.exec(`INSERT INTO guild_settings (client_id) VALUES ($1)`, b.client)
	b.exec(`INSERT INTO subscriptions (client_id, tier) VALUES ($1, 'pro')`, b.client)
	b.exec(`INSERT INTO brands (client_id, id, name) VALUES ($1, $2, 'Brand')`, b.client, b.brand)
	b.exec(`INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, 'Group')`, b.client, b.group, b.brand)
	return b
}

func (b *bench) exec(sql string, args ...any) {
	b.t.Helper()
	if _, err := b.admin.Shared().Exec(b.t.Context(), sql, args...); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
}

// track makes a due source of the address that has been polled before.
func (b *bench) track(address string) uuid.UUID {
	b.t.Helper()
	id := uuid.New()
	b.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, state, etag, next_poll_at)
		VALUES ($1, 'rss', $2, 'feed', 'Feed', $2, 1, 'ok', '"v1"', now() - interval '1 second')`, id, address)
	b.exec(`INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
		VALUES ($1, gen_random_uuid(), $2, $3, $4, now())`, b.client, b.brand, b.group, id)
	return id
}

type outcome struct {
	State, Reason, ETag string
	Failures, Posts     int
	Next                time.Duration
}

// await runs the worker until the source's poll is recorded.
// lookAgain spares the processors that what is awaited needs.
const lookAgain = 5 * time.Millisecond

func (b *bench) await(id uuid.UUID) outcome {
	b.t.Helper()
	return b.awaitWhile(id, func() bool { return false })
}

// awaitWhile runs the worker until the source's poll is recorded and more says no.
func (b *bench) awaitWhile(id uuid.UUID, more func() bool) outcome {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 90*time.Second)
	defer cancel()
	done := make(chan error, 1)
	running, stop := context.WithCancel(ctx)
	go func() { done <- b.worker.Run(running) }()
	var o outcome
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for recorded := false; (!recorded || more()) && ctx.Err() == nil; <-again.C {
		var seconds float64
		err := b.admin.Shared().QueryRow(ctx, `SELECT lease_token IS NULL AND next_poll_at > now(), state, state_reason, etag, failures,
			extract(epoch FROM next_poll_at - now())::float8, (SELECT count(*) FROM source_posts p WHERE p.source_id = s.id)
			FROM sources s WHERE id = $1`, id).Scan(&recorded, &o.State, &o.Reason, &o.ETag, &o.Failures, &seconds, &o.Posts)
		if err != nil {
			b.t.Fatal(err)
		}
		o.Next = time.Duration(seconds * float64(time.Second))
	}
	stop()
	if err := <-done; err != nil || ctx.Err() != nil {
		b.t.Fatalf("the poll was not recorded: %v, %+v", err, o)
	}
	return o
}

const feed = `<?xml version="1.0" encoding="%s"?><rss version="2.0"><channel><title>Feed</title>
<item><guid>1</guid><link>https://feed.test/1</link><title>%s</title></item></channel></rss>`

func answer(status int, header, value, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		if header != "" {
			w.Header().Set(header, value)
		}
		w.WriteHeader(status)
		io.WriteString(w, body) // a test's server
	}
}

// zeros sends 200 MB of zeros in little gzip, which is made once: the time it takes is the reader's.
func zeros(t *testing.T) http.HandlerFunc {
	t.Helper()
	var little bytes.Buffer
	zip := gzip.NewWriter(&little)
	block := make([]byte, 1<<20)
	for range 200 {
		if _, err := zip.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return answer(200, "Content-Encoding", "gzip", little.String())
}

func TestEveryAnswerOfAFeedHasItsConsequence(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	const interval, slack = 5 * time.Minute, 10 * time.Second
	cases := map[string]struct {
		serve       http.HandlerFunc
		state       string
		reason      string // part of it
		failures    int
		posts       int
		least, most time.Duration // until the next poll
	}{
		"200":                {answer(200, "ETag", `"v2"`, fmt.Sprintf(feed, "utf-8", "News")), "ok", "", 0, 1, interval / 2, interval * 3 / 2},
		"200 in latin-1":     {answer(200, "Content-Type", "application/rss+xml; charset=iso-8859-1", fmt.Sprintf(feed, "iso-8859-1", "Caf\xe9")), "ok", "", 0, 1, interval / 2, interval * 3 / 2},
		"304":                {answer(304, "ETag", `"v1"`, ""), "ok", "", 0, 0, interval / 2, interval * 3 / 2},
		"304 with max-age":   {answer(304, "Cache-Control", "max-age=7200", ""), "ok", "", 0, 0, 2*time.Hour - slack, 2*time.Hour + slack},
		"404":                {answer(404, "", "", ""), "failing", "404", 1, 0, 26 * time.Minute, 30 * time.Minute},
		"410":                {answer(410, "", "", ""), "failing", "410", 1, 0, 26 * time.Minute, 30 * time.Minute},
		"429":                {answer(429, "Retry-After", "5400", ""), "ok", "", 1, 0, 90*time.Minute - slack, 90*time.Minute + slack},
		"500":                {answer(500, "", "", "oops"), "ok", "", 1, 0, 26 * time.Minute, 30 * time.Minute},
		"timeout":            {func(_ http.ResponseWriter, r *http.Request) { hang(r, release) }, "ok", "", 1, 0, 26 * time.Minute, 30 * time.Minute},
		"redirect inwards":   {answer(302, "Location", "http://10.0.0.1/feed.xml", ""), "failing", "", 1, 0, 26 * time.Minute, 30 * time.Minute},
		"200 MB of zeros":    {zeros(t), "failing", "", 1, 0, 26 * time.Minute, 30 * time.Minute},
		"broken XML":         {answer(200, "", "", "<rss><channel><item>"), "failing", "", 1, 0, 26 * time.Minute, 30 * time.Minute},
		"a page, not a feed": {answer(200, "Content-Type", "text/html", "<html><body>Hello</body></html>"), "failing", "", 1, 0, 26 * time.Minute, 30 * time.Minute},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(tc.serve)
			t.Cleanup(server.Close)
			patience := time.Minute
			if name == "timeout" {
				patience = 200 * time.Millisecond
			}
			b := newBench(t, patience)
			got := b.await(b.track(server.URL + "/feed.xml"))
			if got.State != tc.state || got.Failures != tc.failures || got.Posts != tc.posts || !strings.Contains(got.Reason, tc.reason) {
				t.Errorf("got %+v", got)
			}
			if tc.state == "failing" && got.Reason == "" {
				t.Error("failing without a reason")
			}
			if got.Next < tc.least-slack || got.Next > tc.most+slack {
				t.Errorf("next poll in %s, want %s to %s", got.Next, tc.least, tc.most)
			}
		})
	}
}

func hang(r *http.Request, release chan struct{}) {
	select {
	case <-r.Context().Done():
	case <-release:
	}
}

func TestStoppingFinishesThePollUnderWay(t *testing.T) {
	t.Parallel()
	arrived, proceed := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-proceed
		answer(200, "", "", fmt.Sprintf(feed, "utf-8", "News"))(w, r)
	}))
	t.Cleanup(server.Close)
	b := newBench(t, 10*time.Second)
	id := b.track(server.URL + "/feed.xml")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.worker.Run(ctx) }()
	<-arrived
	stop()
	close(proceed)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	var posts int
	if err := b.admin.Shared().QueryRow(t.Context(), `SELECT count(*) FROM source_posts WHERE source_id = $1`, id).Scan(&posts); err != nil || posts != 1 {
		t.Errorf("%d posts, %v", posts, err)
	}
}

func TestOneSourceOfManyTenantsIsPolledOnce(t *testing.T) {
	t.Parallel()
	var polls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		polls.Add(1)
		answer(304, "", "", "")(w, r)
	}))
	t.Cleanup(server.Close)
	b := newBench(t, 10*time.Second)
	id := b.track(server.URL + "/feed.xml")
	b.exec(`WITH c AS (
			INSERT INTO clients (id, guild_id, name, owner_id)
			SELECT gen_random_uuid(), (300000000000000000 + n)::text, 'G', '100000000000000001' FROM generate_series(1, 9) n RETURNING id
		), s AS (INSERT INTO subscriptions (client_id) SELECT id FROM c
		), br AS (INSERT INTO brands (client_id, id, name) SELECT id, id, 'B' FROM c RETURNING id
		), g AS (INSERT INTO account_groups (client_id, id, brand_id, name) SELECT id, id, id, 'G' FROM br RETURNING id)
		INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at) SELECT id, id, id, id, $1, now() FROM g`, id)
	b.await(id)
	if got := polls.Load(); got != 1 {
		t.Errorf("%d polls", got)
	}
	var metered int
	if err := b.admin.Shared().QueryRow(t.Context(), `SELECT count(*) FROM usage_daily WHERE polls = 1`).Scan(&metered); err != nil || metered != 10 {
		t.Errorf("%d tenants metered, %v", metered, err)
	}
}

func TestACrowdedHostHoldsNoFetcherThatAnotherNeeds(t *testing.T) {
	t.Parallel()
	var crowdedPolls atomic.Int64
	crowded := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		crowdedPolls.Add(1)
		answer(304, "", "", "")(w, r)
	}))
	t.Cleanup(crowded.Close)
	quiet := httptest.NewServer(answer(304, "", "", ""))
	t.Cleanup(quiet.Close)
	b := newBenchOn(t, source.Config{AllowPrivate: true, HostRate: 0.5, HostBurst: 1}, worker.Config{Fetchers: 4})
	for i := range 40 {
		b.track(fmt.Sprintf("%s/%d.xml", crowded.URL, i))
	}
	b.await(b.track(quiet.URL + "/feed.xml"))
	if got := crowdedPolls.Load(); got > 3 {
		t.Errorf("the quiet host waited for %d polls of the crowded one", got)
	}
}

func TestStoppingDropsAPollThatHangsAndBlamesNobody(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	b := newBenchOn(t, source.Config{AllowPrivate: true, Timeout: time.Hour}, worker.Config{Lease: time.Hour, Grace: 10 * time.Millisecond})
	id := b.track(server.URL + "/feed.xml")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- b.worker.Run(ctx) }()
	<-arrived
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	var failures int
	var leased bool
	if err := b.admin.Shared().QueryRow(t.Context(), `SELECT failures, lease_token IS NOT NULL FROM sources WHERE id = $1`, id).Scan(&failures, &leased); err != nil {
		t.Fatal(err)
	}
	if failures != 0 || !leased {
		t.Errorf("%d failures, leased %v: the lease should bring the source back", failures, leased)
	}
}

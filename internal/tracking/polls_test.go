package tracking_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
	"trackbot/internal/tracking"
)

// fixture is a database with the poller's rules on a clock of its own.
type fixture struct {
	t     *testing.T
	url   string
	admin *store.Store
	polls *tracking.Polls
	fresh func() *tracking.Polls // the rules of a worker just started
	now   time.Time
}

func newFixture(t *testing.T) *fixture {
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
	f := &fixture{t: t, url: url, admin: open(store.RoleAdmin), now: time.Now().UTC().Truncate(time.Microsecond)}
	st := open(store.RoleWorker)
	f.fresh = func() *tracking.Polls {
		return tracking.NewPolls(st, tracking.Schedule{Min: 5 * time.Minute}, func() time.Time { return f.now })
	}
	f.polls = f.fresh()
	return f
}

func (f *fixture) exec(sql string, args ...any) {
	f.t.Helper()
	if _, err := f.admin.Shared().Exec(f.t.Context(), sql, args...); err != nil {
		f.t.Fatalf("%s: %v", sql, err)
	}
}

func scan[T any](f *fixture, sql string, args ...any) (v T) {
	f.t.Helper()
	if err := f.admin.Shared().QueryRow(f.t.Context(), sql, args...).Scan(&v); err != nil {
		f.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// tenant makes a tenant with one brand, one group and a default channel.
func (f *fixture) tenant(guild string) (client, brand, group uuid.UUID) {
	f.t.Helper()
	client, brand, group = uuid.New(), uuid.New(), uuid.New()
	f.exec(`INSERT INTO clients (id, guild_id, name, owner_id) VALUES ($1, $2, 'Guild', '100000000000000001')`, client, guild)
	f.exec(`INSERT INTO guild_settings (client_id, default_channel_id) VALUES ($1, $2)`, client, guild)
	f.exec(`INSERT INTO guild_channels (client_id, id, name, type, can_send) VALUES ($1, $2, 'news', 'text', true)`, client, guild)
	f.exec(`INSERT INTO subscriptions (client_id, tier) VALUES ($1, 'pro')`, client)
	f.exec(`INSERT INTO brands (client_id, id, name) VALUES ($1, $2, 'Brand')`, client, brand)
	f.exec(`INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, 'Group')`, client, group, brand)
	return client, brand, group
}

func (f *fixture) source(lane int) uuid.UUID {
	f.t.Helper()
	id := uuid.New()
	f.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
		VALUES ($1, 'rss', $2, 'feed', 'Feed', 'https://feed.test', $3, $4)`, id, "https://feed.test/"+id.String(), lane, f.now.Add(-time.Minute))
	return id
}

func (f *fixture) track(client, brand, group, src uuid.UUID) uuid.UUID {
	f.t.Helper()
	id := uuid.New()
	f.exec(`INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id) VALUES ($1, $2, $3, $4, $5)`, client, id, brand, group, src)
	return id
}

// claim takes the one due source.
func (f *fixture) claim() tracking.Due {
	f.t.Helper()
	due, err := f.polls.Claim(f.t.Context(), 10, time.Minute)
	if err != nil || len(due) != 1 {
		f.t.Fatalf("claimed %d sources, %v", len(due), err)
	}
	return due[0]
}

// due makes every source due.
func (f *fixture) due() {
	f.t.Helper()
	f.exec(`UPDATE sources SET next_poll_at = $1`, f.now.Add(-time.Second))
}

// poll lets the one source be due and answers its poll.
func (f *fixture) poll(result source.FetchResult) {
	f.t.Helper()
	f.due()
	f.store(f.claim(), result)
}

func (f *fixture) store(due tracking.Due, result source.FetchResult) {
	f.t.Helper()
	stored, err := f.polls.Store(f.t.Context(), due, result)
	if err != nil {
		f.t.Fatal(err)
	}
	if end := stored.End; end != nil {
		if err := f.polls.Finish(f.t.Context(), []tracking.Finished{*end}); err != nil {
			f.t.Fatal(err)
		}
	}
}

func (f *fixture) post(id string) source.Post {
	return source.Post{ExternalID: id, Kind: source.KindPost, URL: "https://feed.test/p/" + id, Title: "Title " + id, PublishedAt: f.now.Add(-time.Hour)}
}

func (f *fixture) posts(ids ...string) source.FetchResult {
	var r source.FetchResult
	for _, id := range ids {
		r.Posts = append(r.Posts, f.post(id))
	}
	return r
}

// titles lists the posts with a delivery behind, as "title state".
func (f *fixture) titles() []string {
	f.t.Helper()
	rows, err := f.admin.Shared().Query(f.t.Context(), `SELECT p.title || coalesce(' ' || d.state, '') FROM posts p
		LEFT JOIN deliveries d ON d.client_id = p.client_id AND d.post_id = p.id ORDER BY 1`)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			f.t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func (f *fixture) wantTitles(want ...string) {
	f.t.Helper()
	if diff := cmp.Diff(want, f.titles()); diff != "" {
		f.t.Errorf("posts (-want +got):\n%s", diff)
	}
}

func TestFirstPollIsABaselineAndLaterPostsAreAnnounced(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))

	f.poll(f.posts("a", "b"))
	f.wantTitles("Title a", "Title b")
	f.poll(f.posts("a", "b", "c"))
	f.wantTitles("Title a", "Title b", "Title c pending")
	f.poll(f.posts("c", "b", "a"))
	f.wantTitles("Title a", "Title b", "Title c pending")

	if got := scan[string](f, `SELECT state FROM sources`); got != "ok" {
		t.Errorf("source is %s", got)
	}
	if polls, tracked := scan[int](f, `SELECT polls FROM usage_daily`), scan[int](f, `SELECT posts_tracked FROM usage_daily`); polls != 3 || tracked != 3 {
		t.Errorf("metered %d polls and %d posts, want 3 and 3", polls, tracked)
	}
}

func TestAnEmptyFirstPollIsABaselineToo(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	f.poll(source.FetchResult{})
	f.poll(f.posts("a"))
	f.wantTitles("Title a pending")
}

func TestAnnounceLatestSendsTheNewestOfTheBaseline(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	f.exec(`UPDATE client_accounts SET announce_latest = true`)
	result := f.posts("a", "b", "c")
	result.Posts[1].PublishedAt = f.now.Add(-time.Minute)
	f.poll(result)
	f.wantTitles("Title a", "Title b pending", "Title c")
}

func TestOneSourceServesEachTenantFromItsOwnBaseline(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	src := f.source(1)
	first, brand, group := f.tenant("200000000000000001")
	f.track(first, brand, group, src)
	f.poll(f.posts("a"))
	second, brand, group := f.tenant("200000000000000002")
	f.track(second, brand, group, src)
	f.poll(f.posts("a", "b"))

	count := func(client uuid.UUID) string {
		return fmt.Sprint(scan[int](f, `SELECT count(*) FROM posts WHERE client_id = $1`, client), " posts, ",
			scan[int](f, `SELECT count(*) FROM deliveries WHERE client_id = $1`, client), " deliveries")
	}
	if got := count(first); got != "2 posts, 1 deliveries" {
		t.Errorf("first tenant: %s", got)
	}
	if got := count(second); got != "2 posts, 0 deliveries" {
		t.Errorf("second tenant: %s", got)
	}
	if got := scan[int](f, `SELECT count(*) FROM source_posts`); got != 2 {
		t.Errorf("%d source posts, want 2", got)
	}
}

func TestChangedDatesAndTitlesAreNoNewPosts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	f.poll(f.posts("a"))
	changed := f.posts("a")
	changed.Posts[0].Title, changed.Posts[0].PublishedAt = "Renamed", f.now
	f.poll(changed)
	f.wantTitles("Renamed")
	if !scan[bool](f, `SELECT edited_at IS NOT NULL AND published_at < edited_at FROM posts`) {
		t.Error("the edit was not recorded, or the date moved")
	}
	f.poll(source.FetchResult{Posts: nil})
	f.poll(changed)
	f.wantTitles("Renamed")
}

func TestAnOldArchiveIsStoredAndNotAnnounced(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	f.poll(f.posts("a"))
	result := f.posts("old")
	result.Posts[0].PublishedAt = f.now.Add(-15 * 24 * time.Hour)
	f.poll(result)
	f.wantTitles("Title a", "Title old")
}

func TestUndatedAndFuturePostsAreDatedWhenSeen(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	result := f.posts("undated", "future")
	result.Posts[0].PublishedAt, result.Posts[1].PublishedAt = time.Time{}, f.now.Add(time.Hour)
	f.poll(result)
	if got := scan[int](f, `SELECT count(*) FROM posts WHERE published_at = $1`, f.now); got != 2 {
		t.Errorf("%d posts dated now, want 2", got)
	}
}

func TestFailuresBackOffAndOneSuccessHeals(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	fail := func(kind source.ErrorKind, retryAfter time.Duration) time.Duration {
		f.due()
		end := f.polls.Failed(f.claim(), &source.Error{Kind: kind, Status: 500, RetryAfter: retryAfter, Public: "Broken."})
		if err := f.polls.Finish(t.Context(), []tracking.Finished{end}); err != nil {
			t.Fatal(err)
		}
		return end.NextPollAt.Sub(f.now)
	}
	state := func() string { return scan[string](f, `SELECT state || ': ' || state_reason FROM sources`) }

	if wait := fail(source.Transient, 0); wait < 27*time.Minute || wait > 30*time.Minute || state() != "learning: " {
		t.Errorf("first failure: %s, %s", wait, state())
	}
	if wait := fail(source.Transient, 0); wait < 54*time.Minute || wait > time.Hour || state() != "failing: Broken." {
		t.Errorf("second failure: %s, %s", wait, state())
	}
	if wait := fail(source.RateLimited, 10*time.Hour); wait < 10*time.Hour {
		t.Errorf("429: %s", wait)
	}
	f.poll(source.FetchResult{NotModified: true})
	if state() != "ok: " || scan[int](f, `SELECT failures FROM sources`) != 0 {
		t.Errorf("after a success: %s", state())
	}
	if fail(source.NotFound, 0); state() != "failing: Broken." {
		t.Errorf("a lasting failure: %s", state())
	}
}

func TestOurOwnHostLimitIsNobodysFailure(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	end := f.polls.Failed(f.claim(), &source.Error{Kind: source.RateLimited, RetryAfter: 3 * time.Second})
	if end.Failures != 0 || end.NextPollAt.Sub(f.now) != 3*time.Second || end.State != "learning" {
		t.Errorf("got %+v", end)
	}
}

func TestALateAnswerOfALostLeaseStoresNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	late := f.claim()
	f.due()
	f.store(f.claim(), source.FetchResult{})
	f.store(late, f.posts("a"))
	end := f.polls.Failed(late, errors.New("late"))
	if err := f.polls.Finish(t.Context(), []tracking.Finished{end}); err != nil {
		t.Fatal(err)
	}
	f.wantTitles()
	if got := scan[string](f, `SELECT state FROM sources`); got != "ok" {
		t.Errorf("source is %s", got)
	}
}

func TestASourceThatNobodyTracksIsNotPolledAgain(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.source(1)
	f.poll(source.FetchResult{NotModified: true})
	if !scan[bool](f, `SELECT next_poll_at IS NULL FROM sources`) {
		t.Error("it has a next poll")
	}
}

func TestACrowdedLaneDoesNotDelayAnother(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
		SELECT gen_random_uuid(), 'rss', 'https://a.test/' || n, 'a', 'A', 'https://a.test', 7, now() - interval '1 hour' FROM generate_series(1, 5000) n`)
	for range 10 {
		f.source(200)
	}
	seen := 0
	for range 2 {
		due, err := f.polls.Claim(t.Context(), 64, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range due {
			if d.Lane == 200 {
				seen++
			}
		}
	}
	if seen != 10 {
		t.Errorf("two claims held %d of the quiet tenant's 10 sources", seen)
	}
}

func TestParallelClaimsNeverShareASource(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for i := range 200 {
		f.source(i)
	}
	claimed := make(chan uuid.UUID, 400)
	done := make(chan error, 4)
	for range 4 {
		go func() {
			for {
				due, err := f.polls.Claim(context.Background(), 16, time.Minute)
				for _, d := range due {
					claimed <- d.ID
				}
				if err != nil || len(due) == 0 {
					done <- err
					return
				}
			}
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	close(claimed)
	seen := map[uuid.UUID]bool{}
	for id := range claimed {
		if seen[id] {
			t.Fatalf("source %s was claimed twice", id)
		}
		seen[id] = true
	}
	if len(seen) == 0 {
		t.Fatal("nothing was claimed")
	}
}

func TestMetricsFollowTheLadderAndKeepWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	client, brand, group := f.tenant("200000000000000001")
	f.track(client, brand, group, f.source(1))
	result := f.posts("a")
	result.Posts[0].Metrics = &source.Metrics{Views: figure(10), Likes: figure(1)}
	f.poll(result)
	f.poll(result) // not due again within the hour
	if got := scan[int](f, `SELECT count(*) FROM post_metrics`); got != 1 {
		t.Fatalf("%d snapshots, want 1", got)
	}
	f.now = f.now.Add(61 * time.Minute)
	result.Posts[0].Metrics = &source.Metrics{Views: figure(20)}
	f.poll(result)
	if got := scan[string](f, `SELECT views || ' ' || likes || ' ' || coalesce(comments::text, 'null') FROM posts`); got != "20 1 null" {
		t.Errorf("latest figures %s", got)
	}
	if got := scan[int](f, `SELECT count(*) FROM post_metrics`); got != 2 {
		t.Errorf("%d snapshots, want 2", got)
	}
}

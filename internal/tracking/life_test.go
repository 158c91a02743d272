package tracking_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/tracking"
)

// life runs the poller against platforms of the test's making, on the fixture's clock.
type life struct {
	*fixture
	answer func(tracking.Due) (source.FetchResult, error)
	polls  map[uuid.UUID]int      // by source
	states map[uuid.UUID][]string // changes seen, by source
}

func newLife(t *testing.T) *life {
	l := &life{fixture: newFixture(t), polls: map[uuid.UUID]int{}, states: map[uuid.UUID][]string{}}
	l.answer = func(tracking.Due) (source.FetchResult, error) { return source.FetchResult{}, nil }
	return l
}

// pass lets time go by, a step at a time; in each the worker polls what is due, watches and tells.
func (l *life) pass(d, step time.Duration) {
	l.t.Helper()
	for end := l.now.Add(d); l.now.Before(end); l.now = l.now.Add(step) {
		l.turn()
	}
}

func (l *life) turn() {
	l.t.Helper()
	ctx := l.t.Context()
	for {
		due, err := l.fixture.polls.Claim(ctx, 64, 30*time.Second)
		if err != nil {
			l.t.Fatal(err)
		}
		if len(due) == 0 {
			break
		}
		for _, d := range due {
			d.PollHost = hostOf(d)
			l.polls[d.ID]++
			result, err := l.answer(d)
			if err != nil {
				if err := l.fixture.polls.Finish(ctx, []tracking.Finished{l.fixture.polls.Failed(d, err)}); err != nil {
					l.t.Fatal(err)
				}
				continue
			}
			l.store(d, result)
		}
	}
	if err := l.fixture.polls.Watch(ctx); err != nil {
		l.t.Fatal(err)
	}
	if err := l.fixture.polls.Tell(ctx); err != nil {
		l.t.Fatal(err)
	}
	l.note()
}

func hostOf(d tracking.Due) string {
	if d.Platform == source.YouTube {
		return "www.youtube.com"
	}
	return d.Handle
}

// note remembers each source's changes of state.
func (l *life) note() {
	l.t.Helper()
	rows, err := l.admin.Shared().Query(l.t.Context(), `SELECT id, state FROM sources`)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id uuid.UUID
		var state string
		if err := rows.Scan(&id, &state); err != nil {
			l.t.Fatal(err)
		}
		if seen := l.states[id]; len(seen) == 0 || seen[len(seen)-1] != state {
			l.states[id] = append(seen, state)
		}
	}
}

// add makes a due source on a platform; the handle stands for its host where the platform has many.
func (l *life) add(platform, handle string) uuid.UUID {
	l.t.Helper()
	id := uuid.New()
	l.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at, created_at, state_since)
		VALUES ($1, $2, $3, $4, 'Account', 'https://feed.test', 1, $5, $5, $5)`, id, platform, id.String(), handle, l.now)
	return id
}

// notices lists the titles of the notices a tenant got, in order.
func (l *life) notices(client uuid.UUID) []string {
	l.t.Helper()
	rows, err := l.admin.Shared().Query(l.t.Context(), `SELECT payload ->> 'title' FROM deliveries WHERE client_id = $1 AND kind = 'notice' ORDER BY seq`, client)
	if err != nil {
		l.t.Fatal(err)
	}
	defer rows.Close()
	var titles []string
	for rows.Next() {
		var title string
		if err := rows.Scan(&title); err != nil {
			l.t.Fatal(err)
		}
		titles = append(titles, title)
	}
	return titles
}

func (l *life) wantNotices(client uuid.UUID, want ...string) {
	l.t.Helper()
	if diff := cmp.Diff(want, l.notices(client)); diff != "" {
		l.t.Errorf("notices (-want +got):\n%s", diff)
	}
}

func down() error {
	return &source.Error{Kind: source.Transient, Status: 503, Public: "The source has trouble of its own (503)."}
}

// timetable is a feed with a post every gap since start, of which it shows the newest few.
func timetable(id uuid.UUID, start, now time.Time, gap time.Duration, shown int) source.FetchResult {
	var r source.FetchResult
	for n := int(now.Sub(start) / gap); n >= 0 && len(r.Posts) < shown; n-- {
		r.Posts = append(r.Posts, source.Post{
			ExternalID: fmt.Sprintf("%s/%d", id, n), Kind: source.KindPost, Title: fmt.Sprintf("Post %d", n),
			URL: fmt.Sprintf("https://feed.test/%d", n), PublishedAt: start.Add(time.Duration(n) * gap),
		})
	}
	return r
}

func TestAPlatformThatFailsForSixHoursIsOneIncidentAndLosesNothing(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	start := l.now.Add(-24 * time.Hour)
	var sources []uuid.UUID
	for range 12 {
		id := l.add(source.YouTube, "channel")
		l.track(client, brand, group, id)
		sources = append(sources, id)
	}
	var isDown bool
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		if isDown {
			return source.FetchResult{}, down()
		}
		return timetable(d.ID, start, l.now, 40*time.Minute, 15), nil
	}
	l.pass(3*time.Hour, 5*time.Minute)
	before := scan[int](l.fixture, `SELECT count(*) FROM posts`)

	isDown = true
	for range 6 {
		l.pass(time.Hour, 5*time.Minute)
		l.fixture.polls = l.fixture.fresh() // a worker that restarts goes on where the old one was
	}
	if banner := scan[string](l.fixture, `SELECT string_agg(platform || '/' || host, ',') FROM platform_incidents WHERE ended_at IS NULL`); banner != "youtube/www.youtube.com" {
		t.Errorf("open incidents: %s", banner)
	}
	l.wantNotices(client, "YouTube fails for most accounts")
	isDown = false
	l.pass(3*time.Hour, 5*time.Minute)

	if n := scan[int](l.fixture, `SELECT count(*) FROM platform_incidents`); n != 1 {
		t.Errorf("%d incidents, want one", n)
	}
	l.wantNotices(client, "YouTube fails for most accounts", "YouTube works again")
	for _, id := range sources {
		if diff := cmp.Diff([]string{"ok", "incident", "ok"}, l.states[id]); diff != "" {
			t.Errorf("states of an account (-want +got):\n%s", diff)
		}
	}
	if n := scan[int](l.fixture, `SELECT count(*) FROM (SELECT external_id FROM posts GROUP BY 1 HAVING count(*) > 1) twice`); n != 0 {
		t.Errorf("%d posts were stored twice", n)
	}
	published := int(l.now.Sub(start)/(40*time.Minute)) + 1
	if got, want := scan[int](l.fixture, `SELECT min(n) FROM (SELECT count(*) n FROM posts GROUP BY account_id) c`), published-(37-15)-1; got < want {
		t.Errorf("an account has %d posts, want at least %d of %d", got, want, published)
	}
	after := scan[int](l.fixture, `SELECT count(*) FROM posts`)
	if got := scan[int](l.fixture, `SELECT count(*) FROM deliveries WHERE kind = 'post'`); got < after-before || got == 0 {
		t.Errorf("%d deliveries of %d posts since the outage began", got, after-before)
	}
	if n := scan[int](l.fixture, `SELECT count(*) FROM (
			SELECT p.published_at < lag(p.published_at) OVER (PARTITION BY p.account_id ORDER BY d.seq) AS backwards
			FROM deliveries d JOIN posts p ON p.client_id = d.client_id AND p.id = d.post_id) o WHERE backwards`); n != 0 {
		t.Errorf("%d posts of an account go out before an older one", n)
	}
}

func TestOneAccountThatFailsAmongManyIsItsOwnFaultAndToldOnce(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	client, brand, group := l.tenant("200000000000000001")
	var broken uuid.UUID
	for range 12 {
		broken = l.add(source.YouTube, "channel")
		l.track(client, brand, group, broken)
	}
	isDown := false
	start := l.now.Add(-24 * time.Hour)
	l.answer = func(d tracking.Due) (source.FetchResult, error) {
		if d.ID == broken && isDown {
			return source.FetchResult{}, down()
		}
		return timetable(d.ID, start, l.now, time.Hour, 15), nil
	}
	l.pass(time.Hour, 5*time.Minute)
	isDown = true
	l.pass(24*time.Hour, 10*time.Minute)
	if diff := cmp.Diff([]string{"ok", "failing"}, l.states[broken]); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	l.wantNotices(client, "Account cannot be read")
	isDown = false
	l.pass(24*time.Hour, 10*time.Minute)
	l.wantNotices(client, "Account cannot be read", "Account works again")
	if n := scan[int](l.fixture, `SELECT count(*) FROM platform_incidents`); n != 0 {
		t.Errorf("%d incidents", n)
	}
}

package tracking_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"trackbot/internal/source"
	"trackbot/internal/store/db"
	"trackbot/internal/tracking"
)

func TestAThousandSourcesOfTenTenantsArePolledOnceEach(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	const sources, tenants = 1000, 10
	for n := range tenants {
		client, brand, group := l.tenant(fmt.Sprintf("2000000000000000%02d", n))
		if n == 0 {
			l.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
				SELECT gen_random_uuid(), 'rss', 'https://feed.test/' || n, 'feed' || n || '.test', 'Feed', 'https://feed.test', n % 256, $1
				FROM generate_series(1, $2::int) n`, l.now, sources)
		}
		l.exec(`INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id) SELECT $1, gen_random_uuid(), $2, $3, id FROM sources`, client, brand, group)
	}
	l.answer = func(d tracking.Due) (source.FetchResult, error) { return l.posts(d.ID.String()), nil }
	l.turn()
	if len(l.polls) != sources {
		t.Errorf("%d sources were polled", len(l.polls))
	}
	for id, n := range l.polls {
		if n != 1 {
			t.Fatalf("source %s was polled %d times", id, n)
		}
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM posts`); got != sources*tenants {
		t.Errorf("%d posts, want one a source and tenant", got)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM usage_daily WHERE polls = $1 AND posts_tracked = $1`, sources); got != tenants {
		t.Errorf("%d tenants are metered in full", got)
	}
}

func TestAFeedMayShuffleRenameRedateShrinkAndGrowWithoutDuplicates(t *testing.T) {
	t.Parallel()
	l, client, _, _ := one(t, time.Hour)
	random := rand.New(rand.NewPCG(7, 11))
	all := []string{"0", "1", "2", "3", "4"}
	render := func(ids []string) source.FetchResult {
		r := l.posts(ids...)
		random.Shuffle(len(r.Posts), func(i, j int) { r.Posts[i], r.Posts[j] = r.Posts[j], r.Posts[i] })
		for i := range r.Posts {
			switch random.IntN(4) {
			case 0:
				r.Posts[i].Title += fmt.Sprint(" v", random.IntN(100))
			case 1:
				r.Posts[i].PublishedAt = l.now.Add(-time.Duration(random.IntN(9*24)) * time.Hour)
			case 2:
				r.Posts[i].PublishedAt = time.Time{}
			}
		}
		return r
	}
	l.poll(render(all))
	for round := range 60 {
		l.now = l.now.Add(time.Hour)
		switch round % 6 {
		case 1:
			all = append(all, fmt.Sprint(len(all)))
			l.poll(render(all))
		case 2:
			l.poll(render(all[:random.IntN(len(all))]))
		case 3:
			l.poll(source.FetchResult{})
		default:
			l.poll(render(all))
		}
	}
	if got := scan[string](l.fixture, `SELECT count(*) || ' ' || count(DISTINCT external_id) FROM posts`); got != fmt.Sprint(len(all), " ", len(all)) {
		t.Errorf("%s posts, want %d", got, len(all))
	}
	if got := l.count("deliveries", client); got != len(all)-5 {
		t.Errorf("%d deliveries, want %d", got, len(all)-5)
	}
	if got := scan[int](l.fixture, `SELECT count(*) FROM posts WHERE removed_at IS NOT NULL`); got != 0 {
		t.Errorf("%d posts count as removed because the feed left them out", got)
	}
}

// Whatever a platform answers, another try is scheduled within the bounds, and one success heals.
func TestNoSequenceOfFailuresStopsASource(t *testing.T) {
	t.Parallel()
	kinds := []source.ErrorKind{
		source.NotFound, source.Gone, source.RateLimited, source.Transient, source.Blocked,
		source.TooLarge, source.Malformed, source.Unsupported, source.AuthRequired,
	}
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
		polls := tracking.NewPolls(nil, tracking.Schedule{Min: 5 * time.Minute}, func() time.Time { return now })
		due := tracking.Due{ClaimSourcesRow: db.ClaimSourcesRow{
			ID: uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")), State: tracking.StateOK, CreatedAt: now,
		}, PlanSeconds: 300}
		for range rapid.IntRange(1, 60).Draw(t, "failures") {
			due.InIncident = rapid.Bool().Draw(t, "incident")
			failure := &source.Error{
				Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Status: 500, Public: "Broken.",
				RetryAfter: time.Duration(rapid.Int64Range(0, int64(day)).Draw(t, "retry after")),
			}
			end := polls.Failed(due, failure)
			if end.NextPollAt == nil {
				t.Fatal("no further try")
			}
			wait := end.NextPollAt.Sub(now)
			if wait < failure.RetryAfter || wait > 7*day || wait < 13*time.Minute {
				t.Fatalf("tried again in %s, asked for %s", wait, failure.RetryAfter)
			}
			if failure.Kind == source.RateLimited && wait > max(6*time.Hour, failure.RetryAfter) {
				t.Fatalf("a 429 waits %s", wait)
			}
			if end.State == tracking.StateFailing || end.State == tracking.StateGone || end.State == tracking.StateIncident {
				if end.StateReason == "" {
					t.Fatalf("%s without a reason", end.State)
				}
			}
			due.State, due.StateReason, due.Failures = end.State, end.StateReason, end.Failures
			due.FailingSince, due.FailedAt, due.FailureKind = end.FailingSince, end.FailedAt, end.FailureKind
			due.GoneSince, due.GoneAnswers = end.GoneSince, end.GoneAnswers
			now = end.NextPollAt.Truncate(time.Microsecond) // as the database keeps it
		}
		stored, err := polls.Store(t.Context(), due, source.FetchResult{NotModified: true})
		healed := stored.End
		if err != nil || healed.Failures != 0 || healed.FailingSince != nil || healed.GoneAnswers != 0 || healed.FailureKind != "" {
			t.Fatalf("not healed: %+v, %v", healed, err)
		}
		if healed.State != tracking.StateOK && healed.State != tracking.StateQuiet || healed.NextPollAt.Sub(now) > day {
			t.Fatalf("after a success %s, next in %s", healed.State, healed.NextPollAt.Sub(now))
		}
	})
}

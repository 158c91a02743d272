package worker_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/worker"
)

// figures stand for the platforms: accounts are named by their host.
type figures struct {
	*source.Registry
	measure func(posts []source.PostRef) source.Measured
	busy    string // host that makes every request wait
}

func (f *figures) Adapter(string) (source.Adapter, bool) { return host{}, true }

func (f *figures) HostLimit(host string) time.Duration {
	if host == f.busy {
		return time.Minute
	}
	return 0
}

func (f *figures) MeasureAll(_ context.Context, _ string, posts []source.PostRef) source.Measured {
	return f.measure(posts)
}

type host struct{ source.Adapter }

func (host) Host(externalID string) string { return externalID }

// measuring makes a bench with posts to measure on each host and runs a worker on it until done says so.
func measuring(t *testing.T, platforms *figures, hosts map[string]int, done func(*bench) bool) *bench {
	t.Helper()
	b := newBench(t, time.Second)
	for name, posts := range hosts {
		id := uuid.New()
		b.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, state, host, next_poll_at)
			VALUES ($1, 'mastodon', $2, 'h', 'H', 'https://x.test', 1, 'ok', $2, now() + interval '1 hour')`, id, name)
		b.exec(`INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at, next_measure_at)
			SELECT gen_random_uuid(), $1, 'p' || n, '\x00', now() - interval '2 days', now() - interval '1 minute' FROM generate_series(1, $2::int) n`, id, posts)
	}
	polls := tracking.NewPolls(b.open(store.RoleWorker), tracking.Schedule{Min: 5 * time.Minute}, time.Now)
	w := worker.New(polls, platforms, slog.New(slog.DiscardHandler), worker.Config{Idle: 5 * time.Millisecond})
	ctx, stop := context.WithTimeout(t.Context(), 90*time.Second)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for !done(b) && ctx.Err() == nil {
		<-again.C
	}
	late := ctx.Err()
	stop()
	if err := <-ended; err != nil || late != nil {
		t.Fatalf("the worker did not get there: %v, %v", err, late)
	}
	return b
}

func tellAll(posts []source.PostRef) source.Measured {
	likes := int64(1)
	got := source.Measured{Figures: map[source.PostRef]source.Metrics{}}
	for _, p := range posts {
		got.Figures[p] = source.Metrics{Likes: &likes}
	}
	return got
}

func snapshots(b *bench, host string) (n int) {
	b.t.Helper()
	err := b.admin.Shared().QueryRow(b.t.Context(), `SELECT count(*) FROM post_metrics m JOIN source_posts p ON p.id = m.source_post_id
		JOIN sources s ON s.id = p.source_id WHERE s.host = $1`, host).Scan(&n)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestAHostThatAnswersSlowlyKeepsNoOtherFromBeingMeasured(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	platforms := &figures{measure: func(posts []source.PostRef) source.Measured {
		if posts[0].AccountID == "slow" {
			<-release
		}
		return tellAll(posts)
	}}
	released := false
	b := measuring(t, platforms, map[string]int{"slow": 3, "fast": 30, "other": 1}, func(b *bench) bool {
		if !released && snapshots(b, "fast") == 30 && snapshots(b, "other") == 1 {
			close(release)
			released = true
		}
		return released && snapshots(b, "slow") == 3
	})
	if got := snapshots(b, "fast"); got != 30 {
		t.Errorf("%d snapshots", got)
	}
}

func TestPostsAreAskedForInChunksAndABusyHostIsPutOff(t *testing.T) {
	t.Parallel()
	var calls, busyCalls atomic.Int32
	platforms := &figures{busy: "busy", measure: func(posts []source.PostRef) source.Measured {
		if posts[0].AccountID == "busy" {
			busyCalls.Add(1)
		}
		calls.Add(1)
		return tellAll(posts)
	}}
	b := measuring(t, platforms, map[string]int{"busy": 5, "free": 250}, func(b *bench) bool { return snapshots(b, "free") == 250 })
	if calls.Load() != 3 || busyCalls.Load() != 0 {
		t.Errorf("%d calls, %d of them to the busy host", calls.Load(), busyCalls.Load())
	}
	var wait float64
	err := b.admin.Shared().QueryRow(t.Context(), `SELECT extract(epoch FROM min(p.next_measure_at) - now())::float8
		FROM source_posts p JOIN sources s ON s.id = p.source_id WHERE s.host = 'busy'`).Scan(&wait)
	if err != nil || wait < 50 || wait > 80 {
		t.Errorf("asked again in %s, %v", fmt.Sprint(wait), err)
	}
}

func TestTheBacklogOfASlowHostKeepsNoneWaitingThatIsDueLater(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	platforms := &figures{measure: func(posts []source.PostRef) source.Measured {
		if posts[0].AccountID == "slow" {
			<-release
		}
		return tellAll(posts)
	}}
	released, late := false, uuid.Nil
	b := measuring(t, platforms, map[string]int{"slow": 1700}, func(b *bench) bool {
		if late == uuid.Nil {
			late = uuid.New()
			b.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, state, host, next_poll_at)
				VALUES ($1, 'mastodon', 'late', 'h', 'H', 'https://x.test', 1, 'ok', 'late', now() + interval '1 hour')`, late)
			b.exec(`INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at, next_measure_at)
				VALUES (gen_random_uuid(), $1, 'p', '\x00', now() - interval '2 days', now())`, late)
		}
		if !released && snapshots(b, "late") == 1 {
			close(release)
			released = true
		}
		return released && snapshots(b, "slow") > 0
	})
	if got := snapshots(b, "late"); got != 1 {
		t.Errorf("%d snapshots", got)
	}
}

func TestSeveralChunksOfAHostAreAskedForAtTheSameTime(t *testing.T) {
	t.Parallel()
	var asked sync.WaitGroup
	asked.Add(3)
	platforms := &figures{measure: func(posts []source.PostRef) source.Measured {
		asked.Done()
		asked.Wait() // for the others
		return tellAll(posts)
	}}
	b := measuring(t, platforms, map[string]int{"large": 300}, func(b *bench) bool { return snapshots(b, "large") == 300 })
	if got := snapshots(b, "large"); got != 300 {
		t.Errorf("%d snapshots", got)
	}
}

package worker_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/internal/pulse"
	"trackbot/internal/source"
	"trackbot/internal/worker"
)

const oneIncident = `# HELP trackbot_platform_incidents Open incidents by platform, as each worker last saw them.
# TYPE trackbot_platform_incidents gauge
trackbot_platform_incidents{platform="bluesky"} 0
trackbot_platform_incidents{platform="mastodon"} 0
trackbot_platform_incidents{platform="rss"} 0
trackbot_platform_incidents{platform="twitch"} 0
trackbot_platform_incidents{platform="youtube"} 1
`

func TestPollsLagAndIncidentsAreCounted(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(answer(404, "", "", ""))
	t.Cleanup(server.Close)
	reg := prometheus.NewRegistry()
	b := newBenchOn(t, source.Config{AllowPrivate: true}, worker.Config{Registerer: reg, Watch: 20 * time.Millisecond})
	b.exec(`INSERT INTO platform_incidents (id, platform, host, started_at) VALUES (gen_random_uuid(), 'youtube', 'www.youtube.com', now())`)
	// An account that the incident holds keeps it open.
	b.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, state, host, failing_since, failed_at, next_poll_at)
		VALUES (gen_random_uuid(), 'youtube', 'c', 'c', 'C', 'https://x.test', 1, 'incident', 'www.youtube.com', now(), now(), now() + interval '1 hour')`)
	b.awaitWhile(b.track(server.URL+"/feed.xml"), func() bool {
		return testutil.GatherAndCompare(reg, strings.NewReader(oneIncident), "trackbot_platform_incidents") != nil
	})
	want := `# HELP trackbot_polls_total Polls by platform and outcome: ok, put_off for a busy host, or the kind of failure.
# TYPE trackbot_polls_total counter
trackbot_polls_total{outcome="not_found",platform="rss"} 1
trackbot_polls_total{outcome="ok",platform="bluesky"} 0
trackbot_polls_total{outcome="ok",platform="mastodon"} 0
trackbot_polls_total{outcome="ok",platform="rss"} 0
trackbot_polls_total{outcome="ok",platform="twitch"} 0
trackbot_polls_total{outcome="ok",platform="youtube"} 0
trackbot_polls_total{outcome="put_off",platform="bluesky"} 0
trackbot_polls_total{outcome="put_off",platform="mastodon"} 0
trackbot_polls_total{outcome="put_off",platform="rss"} 0
trackbot_polls_total{outcome="put_off",platform="twitch"} 0
trackbot_polls_total{outcome="put_off",platform="youtube"} 0
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "trackbot_polls_total"); err != nil {
		t.Error(err)
	}
	if n, err := testutil.GatherAndCount(reg, "trackbot_poll_lag_seconds", "trackbot_fetch_last_success_timestamp_seconds"); err != nil || n != 2 {
		t.Errorf("%d series of lag and last success, %v", n, err)
	}
}

func TestEachLoopOfAWorkerIsWatched(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	b := newBenchOn(t, source.Config{}, worker.Config{Watch: 5 * time.Millisecond, Pulse: pulse.NewBoard(reg, time.Now)})
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- b.worker.Run(ctx) }()
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	loops := func() int {
		n, err := testutil.GatherAndCount(reg, "trackbot_loop_last_pass_timestamp_seconds")
		if err != nil {
			t.Error(err)
		}
		return n
	}
	for loops() < 3 && ctx.Err() == nil {
		<-again.C
	}
	got := loops()
	stop()
	if err := <-ended; err != nil || got != 3 {
		t.Errorf("%d loops are watched, want poll, measure and watch; run = %v", got, err)
	}
}

package app

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"trackbot/internal/analytics"
	"trackbot/internal/config"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/worker"
)

func runWorker(ctx context.Context, e env) error {
	st, err := e.openStore(ctx, config.Worker, store.RoleWorker)
	if err != nil {
		return err
	}
	defer st.Close()
	schedule := tracking.Schedule{Min: e.cfg.MinPollInterval, TestClock: e.cfg.TestClock()}
	polls := tracking.NewPolls(st, schedule, time.Now)
	sources := newSources(e.cfg)
	defer sources.Close()
	tuning := worker.Config{Lease: e.cfg.ClaimLease}
	if e.cfg.TestClock() {
		tuning.Watch = e.cfg.MinPollInterval
	}
	var group errgroup.Group
	group.Go(func() error { return worker.New(polls, sources, e.log, tuning).Run(ctx) })
	group.Go(func() error { return analytics.NewRoller(st, e.log).Run(ctx) })
	return group.Wait()
}

// newSources returns the adapters of all platforms.
func newSources(cfg config.Config) *source.Registry {
	return source.New(source.Config{
		AllowPrivate: cfg.FetchPrivate, BlueskyURL: cfg.BlueskyURL, YouTubeFeedURL: cfg.YouTubeFeedURL,
		UserAgent: "trackbot/" + Version,
	})
}

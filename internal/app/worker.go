package app

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"trackbot/internal/analytics"
	"trackbot/internal/audit"
	"trackbot/internal/config"
	"trackbot/internal/erasure"
	"trackbot/internal/export"
	"trackbot/internal/fleet"
	"trackbot/internal/health"
	"trackbot/internal/limit"
	"trackbot/internal/push"
	"trackbot/internal/share"
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
	sources := newSources(e.cfg, st)
	defer sources.Close()
	reading, err := e.openStore(ctx, config.Worker, store.RoleExport)
	if err != nil {
		return err
	}
	defer reading.Close()
	files, closeFiles, err := openFiles(ctx, e)
	if err != nil {
		return err
	}
	defer closeFiles()
	exports := export.NewRunner(st, reading, files, e.log, export.RunnerConfig{Lease: e.cfg.ClaimLease, Registerer: e.metrics, Tracer: e.tracer})
	tuning := worker.Config{Lease: e.cfg.ClaimLease, Registerer: e.metrics, Pulse: e.pulse, Tracer: e.tracer}
	if e.cfg.TestClock() {
		tuning.Watch = e.cfg.MinPollInterval
	}
	overview := health.NewReader(st, time.Now)
	if e.cfg.OpsPassword != "" {
		page, err := newOpsPage(e.cfg.OpsPassword, overview.Overview, e.log)
		if err != nil {
			return err
		}
		e.ops.show(page)
	}
	figures := health.NewFigures(overview)
	if err := e.metrics.Register(figures); err != nil {
		return fmt.Errorf("expose figures: %w", err)
	}
	var group errgroup.Group
	jobs := worker.NewJobs(e.metrics)
	keep := func(job string, every time.Duration, round func(context.Context) error) {
		group.Go(func() error { return worker.Keep(ctx, e.log.With("task", job), every, jobs.Watch(job, round)) })
	}
	group.Go(func() error { return worker.New(polls, sources, e.log, tuning).Run(ctx) })
	member := takePart(ctx, e, st, fleet.Platforms(e.cfg.Egress), sources.Divide)
	defer giveBack(ctx, e, member)
	keep("take_part", fleet.Every, member.Beat)
	keep("roll_up", analytics.RollEvery, analytics.NewRoller(st, e.log).Roll)
	keep("audit_check", audit.CheckEvery, audit.NewChecker(st, e.log, time.Now).Check)
	keep("erase", erasureInterval(e.cfg), erasure.New(st, files, e.log, erasure.Config{}).Round)
	keep("read_queues", health.QuickEvery, figures.ReadQuick)
	keep("read_figures", health.SlowEvery, figures.ReadSlow)
	if e.cfg.PublicAPIURL != "" {
		upkeep := push.NewUpkeep(st, hubs{sources}, e.cfg.PublicAPIURL, e.log)
		keep("push_upkeep", pushInterval(e.cfg), upkeep.Round)
	}
	scorecards := share.NewWeekly(st, reading, e.cfg.DashboardURL, time.Now)
	keep("scorecards", share.WeeklyEvery, scorecards.Round)
	group.Go(func() error { return exports.Run(ctx) })
	group.Go(func() error {
		sweep(ctx, e.log, jobs.Watch("sweep_exports", exports.Sweep), jobs.Watch("sweep_posts", polls.Sweep))
		return nil
	})
	return group.Wait()
}

// pushInterval is shorter on a test's clock.
func pushInterval(cfg config.Config) time.Duration {
	if cfg.TestClock() {
		return min(push.Interval, cfg.MinPollInterval)
	}
	return push.Interval
}

// erasureInterval is shorter on a test's clock.
func erasureInterval(cfg config.Config) time.Duration {
	if cfg.TestClock() {
		return min(erasure.Interval, cfg.MinPollInterval)
	}
	return erasure.Interval
}

// hubs asks the hubs of the sources' platforms.
type hubs struct{ *source.Registry }

// Ask passes a request on.
func (h hubs) Ask(ctx context.Context, r push.Request) error {
	return h.AskHub(ctx, source.HubRequest{
		Hub: r.Hub, Topic: r.Topic, Callback: r.Callback, Secret: r.Secret, Unsubscribe: r.Unsubscribe, Lease: r.Lease,
	})
}

// newSources returns the adapters of all platforms that are set up; budgets are kept in the service's store.
func newSources(cfg config.Config, st *store.Store) *source.Registry {
	return source.New(source.Config{
		AllowPrivate: cfg.FetchPrivate, BlueskyURL: cfg.BlueskyURL, YouTubeFeedURL: cfg.YouTubeFeedURL,
		YouTubeHubURL: cfg.YouTubeHubURL, Push: cfg.PublicAPIURL != "",
		YouTubeAPIKey: cfg.YouTubeAPIKey.Reveal(), YouTubeAPIURL: cfg.YouTubeAPIURL, YouTubeBudget: limit.NewQuota(st, cfg.YouTubeUnits),
		TwitchClientID: cfg.TwitchID, TwitchClientSecret: cfg.TwitchSecret.Reveal(),
		TwitchAPIURL: cfg.TwitchAPIURL, TwitchTokenURL: cfg.TwitchTokenURL,
		UserAgent: "trackbot/" + Version,
	})
}

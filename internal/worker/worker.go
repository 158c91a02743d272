// Package worker is the process that asks the platforms: it polls due sources and measures posts.
// What an answer means is the tracking rules' business; the worker only moves work.
//
//	claim (fair, leased) → fetch (bounded, per-host limits) → store, or gather → finish in batches
package worker

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"trackbot/internal/pulse"
	"trackbot/internal/source"
	"trackbot/internal/tracing"
	"trackbot/internal/tracking"
)

// Config tunes a worker; zero values take the defaults.
type Config struct {
	// Lease is how long a claimed source is ours; a worker that dies gives it back after that. Default 30 s.
	Lease time.Duration
	// Fetchers is how many sources are asked at the same time. Default 64.
	Fetchers int
	// Grace is how long work under way may go on after the worker is told to stop. Default 15 s.
	Grace time.Duration
	// Idle is the pause before asking again for due sources when there were none. Default 250 ms.
	Idle time.Duration
	// Watch is the time between two looks for incidents and untold changes of state. Default 10 s.
	Watch time.Duration
	// Registerer takes the worker's metrics; nil keeps them to itself.
	Registerer prometheus.Registerer
	// Pulse watches the worker's loops; nil: nobody does.
	Pulse *pulse.Board
	// Tracer follows polls; nil traces nothing.
	Tracer *tracing.Tracer
}

func (c Config) withDefaults() Config {
	if c.Lease == 0 {
		c.Lease = 30 * time.Second
	}
	if c.Fetchers == 0 {
		c.Fetchers = 64
	}
	if c.Grace == 0 {
		c.Grace = 15 * time.Second
	}
	if c.Idle == 0 {
		c.Idle = 250 * time.Millisecond
	}
	if c.Watch == 0 {
		c.Watch = 10 * time.Second
	}
	return c
}

// Adapters finds the adapter of a platform, resolves what is not resolved yet, measures posts of several accounts in one go, and tells how
// long a host's rate limit makes a request wait.
type Adapters interface {
	Adapter(platform string) (source.Adapter, bool)
	Resolve(ctx context.Context, platform, input string) (source.Account, error)
	MeasureAll(ctx context.Context, platform string, posts []source.PostRef) source.Measured
	HostLimit(host string) time.Duration
}

// Worker polls and measures. Several may run at once, in one process or many.
type Worker struct {
	polls    *tracking.Polls
	adapters Adapters
	log      *slog.Logger
	cfg      Config
	metrics  *metrics
	ends     chan tracking.Finished
}

// New returns a worker that is started by Run.
func New(polls *tracking.Polls, adapters Adapters, log *slog.Logger, cfg Config) *Worker {
	cfg = cfg.withDefaults()
	return &Worker{polls: polls, adapters: adapters, log: log, cfg: cfg, metrics: newMetrics(cfg.Registerer), ends: make(chan tracking.Finished, cfg.Fetchers)}
}

// Run works until ctx ends, then finishes what was begun and returns nil. What is not done within the
// grace time is dropped; its lease brings it back.
func (w *Worker) Run(ctx context.Context) error {
	work, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(w.cfg.Grace, drop) })()
	finisher := make(chan struct{})
	go func() { defer close(finisher); w.finish(context.WithoutCancel(ctx)) }()

	var loops errgroup.Group
	loops.Go(func() error { w.poll(ctx, work); return nil })
	loops.Go(func() error { w.measure(ctx, work); return nil })
	loops.Go(func() error { w.watch(ctx); return nil })
	err := loops.Wait()
	close(w.ends)
	<-finisher
	return err
}

// pause waits for d or the end of ctx and tells whether to go on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// How long a round of a loop may take before the process counts as stuck: each step has a limit of its own below.
const (
	pollPatience    = 5 * time.Minute
	measurePatience = 15 * time.Minute
	watchPatience   = 15 * time.Minute
)

// faultPause is the wait after the database refused a claim.
const faultPause = 2 * time.Second

// poll keeps the fetchers busy with due sources. A slot is taken before the claim, so that no lease
// runs while its source waits for a fetcher. work outlives ctx by the grace time.
func (w *Worker) poll(ctx, work context.Context) {
	turn := w.cfg.Pulse.Loop("poll", pollPatience)
	defer turn.Done()
	slots := make(chan struct{}, w.cfg.Fetchers)
	var running sync.WaitGroup
	defer running.Wait()
	for ctx.Err() == nil {
		turn.Beat()
		free := takeFree(ctx, slots)
		if free == 0 {
			return
		}
		due, err := w.polls.Claim(ctx, free, w.cfg.Lease)
		if err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "claim failed", "error", err)
		}
		w.metrics.claimed(due)
		for range free - len(due) {
			<-slots
		}
		for _, d := range due {
			running.Go(func() {
				defer func() { <-slots }()
				w.pollOne(work, d)
			})
		}
		switch {
		case err != nil:
			pause(ctx, faultPause)
		case len(due) == 0:
			pause(ctx, w.cfg.Idle)
		}
	}
}

// takeFree waits for one free slot and takes all that are free then.
func takeFree(ctx context.Context, slots chan struct{}) int {
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return 0
	}
	for n := 1; ; n++ {
		select {
		case slots <- struct{}{}:
		default:
			return n
		}
	}
}

// A source whose host is busy is put off instead of holding a fetcher, so that one crowded host does not
// keep the others waiting; the spread keeps those put off from coming back together.
const (
	hostPatience = time.Second
	hostSpread   = 10 * time.Second
)

// pollOne asks one source and records the answer.
func (w *Worker) pollOne(work context.Context, due tracking.Due) {
	ctx, cancel := context.WithTimeout(work, w.cfg.Lease*9/10)
	defer cancel()
	adapter, ok := w.adapters.Adapter(due.Platform)
	due.PollHost = due.Host
	if !ok {
		w.end(due, w.polls.Failed(due, &source.Error{Kind: source.Unsupported, Public: "This platform is switched off here."}))
		return
	}
	wanted, input, unresolved := source.ParseUnresolved(due.ExternalID)
	due.PollHost = adapter.Host(due.ExternalID)
	if unresolved {
		due.PollHost = adapter.Host(due.URL)
	}
	if due.Untracked() {
		w.ends <- w.polls.Left(due)
		return
	}
	if wait := w.adapters.HostLimit(due.PollHost); wait > hostPatience {
		w.end(due, w.polls.Failed(due, &source.Error{Kind: source.RateLimited, RetryAfter: wait + rand.N(hostSpread)}))
		return
	}
	due.PlatformMin = adapter.Capabilities().MinInterval
	ctx, span := w.cfg.Tracer.Start(ctx, "poll", "trackbot.platform", due.Platform, "trackbot.source_id", due.ID.String())
	if unresolved {
		span.End(w.identify(ctx, work, due, wanted, input))
		return
	}
	span.End(w.ask(ctx, work, adapter, due))
}

// failed ends a poll without a usable answer and returns its error. What the end of work cuts off is no failure.
func (w *Worker) failed(ctx, work context.Context, due tracking.Due, err error) error {
	if work.Err() == nil {
		w.logFailure(ctx, due, err)
		w.end(due, w.polls.Failed(due, err))
	}
	return err
}

// ask fetches what is new and stores it. Its error is that of the poll, which has been dealt with.
func (w *Worker) ask(ctx, work context.Context, adapter source.Adapter, due tracking.Due) error {
	began := time.Now()
	result, err := adapter.Fetch(ctx, source.FetchRequest{
		ExternalID: due.ExternalID, Cursor: due.Cursor,
		Validators: source.Validators{ETag: due.Etag, LastModified: due.LastModified},
	})
	if err == nil || work.Err() == nil {
		w.metrics.fetch.WithLabelValues(due.Platform).Observe(time.Since(began).Seconds())
	}
	if err != nil {
		return w.failed(ctx, work, due, err)
	}
	stored, err := w.polls.Store(ctx, due, result)
	switch end := stored.End; {
	case err != nil: // nothing was stored; the source is due again when its lease ends
		w.log.ErrorContext(ctx, "store poll failed", "source_id", due.ID, "platform", due.Platform, "error", err)
	case end != nil:
		w.end(due, *end)
	default:
		w.metrics.polled(due.Platform, "ok")
	}
	if stored.Posts > 0 {
		w.log.InfoContext(ctx, "posts stored", "source_id", due.ID, "platform", due.Platform, "posts", stored.Posts, "messages", stored.Messages)
	}
	return err
}

// end passes the end of a poll on to be recorded with others.
func (w *Worker) end(due tracking.Due, end tracking.Finished) {
	w.metrics.polled(due.Platform, outcome(end))
	w.ends <- end
}

func (w *Worker) logFailure(ctx context.Context, due tracking.Due, err error) {
	level := slog.LevelInfo
	var fault *source.Error
	if errors.As(err, &fault) && fault.Kind == source.RateLimited && fault.Status == 0 {
		level = slog.LevelDebug
	}
	w.log.Log(ctx, level, "poll failed", "source_id", due.ID, "platform", due.Platform, "failures", due.Failures+1, "error", err)
}

// The end of a poll waits a moment for others to be recorded with it.
const (
	batchWindow = 50 * time.Millisecond
	batchSize   = 256
)

// finish records the ends of polls in batches until the channel is closed.
func (w *Worker) finish(ctx context.Context) {
	for first := range w.ends {
		batch := []tracking.Finished{first}
		window := time.NewTimer(batchWindow)
	gather:
		for len(batch) < batchSize {
			select {
			case end, ok := <-w.ends:
				if !ok {
					break gather
				}
				batch = append(batch, end)
			case <-window.C:
				break gather
			}
		}
		window.Stop()
		w.record(ctx, batch)
	}
}

func (w *Worker) record(ctx context.Context, batch []tracking.Finished) {
	ctx, cancel := context.WithTimeout(ctx, w.cfg.Lease)
	defer cancel()
	if err := w.polls.Finish(ctx, batch); err != nil {
		w.log.ErrorContext(ctx, "finish polls failed", "polls", len(batch), "error", err)
	}
}

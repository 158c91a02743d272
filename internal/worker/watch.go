package worker

import (
	"context"
	"time"
)

const (
	watchTimeout   = time.Minute // for one step; it is repeated anyway
	watchesPerTell = 6           // what is told has lasted for minutes, so it need not be looked for as often
)

// watch looks for incidents of platforms, moved feeds and plans, and tells guilds what has changed.
func (w *Worker) watch(ctx context.Context) {
	turn := w.cfg.Pulse.Loop("watch", watchPatience)
	defer turn.Done()
	for n := 1; pause(ctx, w.cfg.Watch); n++ {
		turn.Beat()
		w.step(ctx, "watch failed", w.polls.Watch)
		if n%watchesPerTell == 0 {
			w.step(ctx, "follow moves failed", w.polls.FollowMoves)
			w.step(ctx, "keep plans failed", w.polls.KeepPlans)
			w.step(ctx, "tell failed", w.polls.Tell)
		}
		w.step(ctx, "count incidents failed", func(ctx context.Context) error {
			open, err := w.polls.OpenIncidents(ctx)
			if err == nil {
				w.metrics.open(open)
			}
			return err
		})
	}
}

// step does one bounded piece of work and logs its failure, unless the worker is being stopped.
func (w *Worker) step(ctx context.Context, failure string, do func(context.Context) error) {
	bounded, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	if err := do(bounded); err != nil && ctx.Err() == nil {
		w.log.ErrorContext(ctx, failure, "error", err)
	}
}

package worker

import (
	"context"
	"time"
)

// watchTimeout bounds one look; it is repeated anyway.
const watchTimeout = time.Minute

// watch looks for incidents of platforms, moved feeds and plans with room again, and tells guilds what has changed.
func (w *Worker) watch(ctx context.Context) {
	for pause(ctx, w.cfg.Watch) {
		w.step(ctx, "watch failed", w.polls.Watch)
		w.step(ctx, "follow moves failed", w.polls.FollowMoves)
		w.step(ctx, "resume accounts failed", w.polls.ResumeByPlan)
		w.step(ctx, "tell failed", w.polls.Tell)
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
		w.log.Error(failure, "error", err)
	}
}

package worker

import (
	"context"

	"trackbot/internal/tracking"
)

// identify finds out who an account is that could not be resolved when it was taken in.
func (w *Worker) identify(ctx, work context.Context, due tracking.Due, platform, input string) error {
	account, err := w.adapters.Resolve(ctx, platform, input)
	if err != nil {
		return w.failed(ctx, work, due, err)
	}
	if err := w.polls.Identify(ctx, due, account); err != nil { // the source is due again when its lease ends
		w.log.ErrorContext(ctx, "identify source failed", "source_id", due.ID, "platform", due.Platform, "error", err)
		return err
	}
	w.metrics.polled(due.Platform, "ok")
	return nil
}

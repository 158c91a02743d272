package worker

import (
	"context"
	"time"

	"trackbot/internal/source"
	"trackbot/internal/tracking"
)

const (
	measureBatch = 200
	measureIdle  = 10 * time.Second
	measureLease = 10 * time.Minute // also the wait before a failed measurement is tried again
)

// measure walks the metric ladder of posts that polling did not measure by the way.
func (w *Worker) measure(ctx, work context.Context) {
	for ctx.Err() == nil {
		batches, err := w.polls.ClaimMeasurements(ctx, measureBatch, measureLease)
		if err != nil && ctx.Err() == nil {
			w.log.Error("claim measurements failed", "error", err)
		}
		for _, batch := range batches {
			if ctx.Err() != nil {
				return // the lease brings the rest back
			}
			w.measureOne(work, batch)
		}
		if len(batches) == 0 && !pause(ctx, measureIdle) {
			return
		}
	}
}

func (w *Worker) measureOne(work context.Context, batch tracking.MeasureBatch) {
	ctx, cancel := context.WithTimeout(work, time.Minute)
	defer cancel()
	var figures map[string]source.Metrics
	if adapter, ok := w.adapters.Adapter(batch.Platform); ok {
		var err error
		if figures, err = adapter.Measure(ctx, batch.AccountID, batch.ExternalIDs()); err != nil {
			w.log.Info("measure failed", "platform", batch.Platform, "posts", len(batch.Posts), "error", err)
			return
		}
	}
	if err := w.polls.RecordMetrics(ctx, batch, figures); err != nil {
		w.log.Error("record metrics failed", "platform", batch.Platform, "posts", len(batch.Posts), "error", err)
	}
}

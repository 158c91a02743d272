package worker

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"trackbot/internal/tracking"
)

const (
	measureClaim  = 500
	measureChunk  = 100 // posts asked for and stored together
	measureHosts  = 16  // hosts asked at the same time
	measureAtOnce = 4   // chunks of one host; its own limit lets their requests through one by one where it must
	measureIdle   = 10 * time.Second
	measureLimit  = time.Minute      // for one host's part of a claim
	measureLease  = 10 * time.Minute // also the wait before a failed measurement is tried again
)

// measure walks the metric ladder of posts that polling did not measure by the way. A host is asked by one goroutine,
// and what else is due of it meanwhile is put off: so neither a slow host nor the backlog of a large one
// keeps the others waiting.
func (w *Worker) measure(ctx, work context.Context) {
	hosts := newHosts(measureHosts)
	defer hosts.running.Wait()
	turn := w.cfg.Pulse.Loop("measure", measurePatience)
	defer turn.Done()
	for hosts.wait(ctx) {
		turn.Beat()
		batches, claimed, err := w.polls.ClaimMeasurements(ctx, measureClaim, measureLease)
		if err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "claim measurements failed", "error", err)
		}
		for _, batch := range batches {
			wait, ok := hosts.ask(ctx, batch.Platform+" "+batch.Host, len(batch.Posts), func() { w.measureHost(ctx, work, hosts, batch) })
			if !ok && ctx.Err() == nil {
				w.putOff(work, batch, measureIdle+wait+rand.N(hostSpread))
			}
		}
		if claimed == 0 && !pause(ctx, measureIdle) {
			return
		}
	}
}

// measureHost asks one host, some chunks at the same time. What it has no time for is put off; what the end of ctx
// leaves comes back with its lease.
func (w *Worker) measureHost(ctx, work context.Context, hosts *hosts, batch tracking.MeasureBatch) {
	var chunks errgroup.Group
	chunks.SetLimit(measureAtOnce)
	defer func() { _ = chunks.Wait() }() // none returns an error
	deadline := time.Now().Add(measureLimit)
	rest := batch
	for posts := range slices.Chunk(batch.Posts, measureChunk) {
		if ctx.Err() != nil {
			return
		}
		if wait := w.busy(batch); wait > hostPatience || time.Now().After(deadline) {
			w.putOff(work, rest, wait+rand.N(hostSpread))
			return
		}
		rest.Posts = rest.Posts[len(posts):]
		chunks.Go(func() error {
			began := time.Now()
			w.measureChunk(work, tracking.MeasureBatch{Platform: batch.Platform, Host: batch.Host, Posts: posts})
			hosts.took(batch.Platform+" "+batch.Host, len(posts), measureAtOnce, time.Since(began))
			return nil
		})
	}
}

// busy is how long the batch's host makes a request wait.
func (w *Worker) busy(batch tracking.MeasureBatch) time.Duration {
	adapter, ok := w.adapters.Adapter(batch.Platform)
	if !ok {
		return 0
	}
	return w.adapters.HostLimit(adapter.Host(batch.Posts[0].AccountID))
}

func (w *Worker) putOff(work context.Context, batch tracking.MeasureBatch, wait time.Duration) {
	if err := w.polls.PutOffMeasurements(work, batch, wait); err != nil && work.Err() == nil {
		w.log.ErrorContext(work, "put off measurements failed", "platform", batch.Platform, "posts", len(batch.Posts), "error", err)
	}
}

func (w *Worker) measureChunk(work context.Context, batch tracking.MeasureBatch) {
	work, span := w.cfg.Tracer.Start(work, "measure", "trackbot.platform", batch.Platform)
	var err error
	defer func() { span.End(err) }()
	ctx, cancel := context.WithTimeout(work, measureLimit)
	defer cancel()
	got := w.adapters.MeasureAll(ctx, batch.Platform, batch.Refs())
	if work.Err() != nil {
		return
	}
	w.metrics.measuredPosts(batch, got)
	for _, err := range got.Failed {
		w.log.InfoContext(ctx, "measure failed", "platform", batch.Platform, "host", batch.Host, "posts", len(got.Failed), "error", err)
		break
	}
	if err = w.polls.RecordMetrics(work, batch, got); err != nil {
		w.log.ErrorContext(ctx, "record metrics failed", "platform", batch.Platform, "posts", len(batch.Posts), "error", err)
	}
}

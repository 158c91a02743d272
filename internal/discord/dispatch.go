package discord

import (
	"context"
	"sync"
	"time"
)

// dispatcher hands a shard's events to the handler, beyond the life of its
// connections, and keeps the place of the last one handled.
type dispatcher struct {
	s     *shard
	asked chan struct{} // to save soon

	mu   sync.Mutex
	done Session // as handled: what heartbeats tell and the store keeps

	// Of the dispatcher's goroutine alone.
	dirty bool
	saved time.Time
}

func newDispatcher(s *shard) *dispatcher {
	return &dispatcher{s: s, asked: make(chan struct{}, 1)}
}

// begin sets the place to go on from.
func (d *dispatcher) begin(at Session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.done = at
}

// handled returns the place behind the last event handled.
func (d *dispatcher) handled() Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.done
}

// flush asks for a save without waiting for it.
func (d *dispatcher) flush() { signal(d.asked) }

// run handles events until ctx ends; handling is the handler's context.
func (d *dispatcher) run(ctx, handling context.Context) {
	defer d.save(ctx)
	for ctx.Err() == nil {
		it, ok := d.s.queue.pop()
		if !ok {
			d.idle(ctx)
			continue
		}
		if it.event != nil {
			d.s.g.cfg.Handler(handling, d.s.id, *it.event)
			if handling.Err() != nil {
				return
			}
			d.s.g.metrics.handled(it.event.Type)
		}
		d.begin(it.session)
		d.dirty = d.s.g.cfg.Store != nil
		if time.Since(d.saved) >= d.s.g.cfg.SaveEvery {
			d.save(ctx)
		}
	}
}

// idle waits for the next event and saves meanwhile what is due.
func (d *dispatcher) idle(ctx context.Context) {
	var due <-chan time.Time
	if d.dirty {
		t := time.NewTimer(d.s.g.cfg.SaveEvery - time.Since(d.saved))
		defer t.Stop()
		due = t.C
	}
	select {
	case <-ctx.Done():
	case <-d.s.queue.wake:
	case <-d.asked:
		d.save(ctx)
	case <-due:
		d.save(ctx)
	}
}

// save writes the place to the store, also while stopping. A fault is tried
// again at the next occasion.
func (d *dispatcher) save(ctx context.Context) {
	if !d.dirty {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	d.saved = time.Now()
	if err := d.s.g.cfg.Store.SaveSession(ctx, d.s.id, d.handled()); err != nil {
		d.s.log.Warn("save gateway session", "error", err)
		return
	}
	d.dirty = false
}

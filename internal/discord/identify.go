package discord

import (
	"context"
	"sync"
	"time"
)

const (
	// identifySpan is the least time between two identifies of shards with the same
	// key, with a margin for answers and questions travelling at different speeds
	// (Discord API docs: Gateway, Max Concurrency).
	identifySpan = 5*time.Second + 250*time.Millisecond
	// identifyDay is how long the budget of identifies lasts.
	identifyDay = 24 * time.Hour
)

// identifyLimiter lets shards identify one after another per key
// (shard id % max_concurrency), in the order of their ids, and never more often
// than Discord's daily budget allows. Safe for concurrent use.
type identifyLimiter struct {
	mu        sync.Mutex
	keys      int
	busy      map[int]bool      // by key: a shard holds the slot
	next      map[int]time.Time // by key: not before
	waiting   map[int]bool      // by shard
	total     int               // 0: the budget is not known, and not kept
	remaining int
	reset     time.Time
	changed   chan struct{} // closed at each change
}

func newIdentifyLimiter(l SessionStartLimit) *identifyLimiter {
	return &identifyLimiter{
		keys:      max(1, l.MaxConcurrency),
		busy:      map[int]bool{},
		next:      map[int]time.Time{},
		waiting:   map[int]bool{},
		total:     l.Total,
		remaining: l.Remaining,
		reset:     time.Now().Add(time.Duration(l.ResetAfter) * time.Millisecond),
		changed:   make(chan struct{}),
	}
}

// enter puts a shard in line before it asks.
func (l *identifyLimiter) enter(shard int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting[shard] = true
}

// identifySlot is a shard's turn to identify. Until done is called no other
// shard of the same key gets one.
type identifySlot struct {
	limiter *identifyLimiter
	shard   int
	once    sync.Once
}

// done gives the turn back; the first call counts, and says whether the shard
// identified.
func (s *identifySlot) done(identified bool) {
	s.once.Do(func() { s.limiter.release(s.shard, identified) })
}

// acquire waits for the shard's turn.
func (l *identifyLimiter) acquire(ctx context.Context, shard int) (*identifySlot, error) {
	l.enter(shard)
	for {
		wait, changed := l.try(shard)
		if wait == 0 {
			return &identifySlot{limiter: l, shard: shard}, nil
		}
		if !sleepOr(ctx, wait, changed) {
			l.leave(shard)
			return nil, context.Cause(ctx)
		}
	}
}

// try takes the slot, or says how long to wait at most and what ends the wait sooner.
func (l *identifyLimiter) try(shard int) (time.Duration, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, key := time.Now(), shard%l.keys
	if l.total > 0 && !now.Before(l.reset) {
		l.remaining, l.reset = l.total, now.Add(identifyDay)
	}
	switch {
	case l.busy[key] || !l.first(shard):
		return identifyDay, l.changed
	case now.Before(l.next[key]):
		return l.next[key].Sub(now), l.changed
	case l.total > 0 && l.remaining <= 0:
		return l.reset.Sub(now), l.changed
	}
	l.busy[key] = true
	delete(l.waiting, shard)
	return 0, nil
}

// first reports whether no lower shard of the same key waits.
func (l *identifyLimiter) first(shard int) bool {
	for other := range l.waiting {
		if other < shard && other%l.keys == shard%l.keys {
			return false
		}
	}
	return true
}

func (l *identifyLimiter) release(shard int, identified bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	key := shard % l.keys
	l.busy[key] = false
	if identified {
		l.next[key] = time.Now().Add(identifySpan)
		l.remaining--
	}
	l.broadcast()
}

func (l *identifyLimiter) leave(shard int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.waiting, shard)
	l.broadcast()
}

func (l *identifyLimiter) broadcast() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// sleepOr returns false if ctx ended first.
func sleepOr(ctx context.Context, d time.Duration, sooner <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-sooner:
	case <-t.C:
	}
	return true
}

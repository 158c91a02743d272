package discord

import "time"

// windowTolerance is how much later an answer's reset must lie to belong to the
// next window rather than to the same one seen through a slower answer.
const windowTolerance = 250 * time.Millisecond

// bucket is what is known of one of Discord's per-route limits: how many
// requests are left until the window ends.
type bucket struct {
	limit     int // 0: Discord has not said yet, everything may pass
	remaining int
	inflight  int
	reset     time.Time     // end of the window
	window    time.Duration // the longest window seen, assumed for one not answered yet
	assumed   bool          // reset is assumed
	blocked   time.Time     // until then by a 429
	scope     string        // of that 429
	used      time.Time
}

// wait returns how long the bucket holds a request back, and why.
func (b *bucket) wait(now time.Time) (time.Duration, string) {
	if now.Before(b.blocked) {
		return b.blocked.Sub(now), b.scope
	}
	if b.limit == 0 || b.remaining > 0 || !now.Before(b.reset) {
		return 0, ""
	}
	return b.reset.Sub(now), "user"
}

// take counts one request; wait must have returned 0.
func (b *bucket) take(now time.Time) {
	if b.limit > 0 {
		if !now.Before(b.reset) {
			b.remaining = max(1, b.limit-b.inflight)
			b.reset, b.assumed = now.Add(b.window), true
		}
		b.remaining--
	}
	b.inflight++
	b.used = now
}

// learn takes over what an answer said. Within one window the lower count wins,
// as other processes use the same token and answers overtake one another; in a
// new one Discord's count holds, less what it may not have seen yet.
func (b *bucket) learn(now time.Time, h limitHeaders) {
	reset := now.Add(h.resetAfter)
	if b.limit == 0 || b.assumed || reset.After(b.reset.Add(windowTolerance)) {
		b.remaining = max(0, h.remaining-b.inflight)
		b.reset, b.assumed = reset, false
	} else {
		b.remaining = min(b.remaining, h.remaining)
	}
	b.limit = h.limit
	b.window = max(b.window, h.resetAfter)
}

// idle reports whether nothing is lost by forgetting the bucket.
func (b *bucket) idle(now time.Time) bool {
	return b.inflight == 0 && !now.Before(b.reset) && !now.Before(b.blocked) && now.Sub(b.used) > time.Minute
}

// slidingWindow allows at most len(sent) events in any span of the given length.
type slidingWindow struct {
	sent []time.Time // ring of the last ones
	next int
	span time.Duration
}

func newSlidingWindow(events int, span time.Duration) *slidingWindow {
	return &slidingWindow{sent: make([]time.Time, events), span: span}
}

// resized allows another number of events and remembers the last of those that were sent.
func (w *slidingWindow) resized(events int) *slidingWindow {
	out := newSlidingWindow(events, w.span)
	for i := range w.sent {
		if at := w.sent[(w.next+i)%len(w.sent)]; !at.IsZero() {
			out.take(at)
		}
	}
	return out
}

// wait returns how long until one more is allowed.
func (w *slidingWindow) wait(now time.Time) time.Duration {
	oldest := w.sent[w.next]
	if oldest.IsZero() {
		return 0
	}
	return max(0, oldest.Add(w.span).Sub(now))
}

// take counts one event.
func (w *slidingWindow) take(now time.Time) {
	w.sent[w.next] = now
	w.next = (w.next + 1) % len(w.sent)
}

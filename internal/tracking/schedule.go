package tracking

import (
	"hash/fnv"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/source"
)

const (
	maxInterval    = 24 * time.Hour
	firstBackoff   = 30 * time.Minute
	maxBackoff     = 7 * 24 * time.Hour
	maxLimitedWait = 6 * time.Hour // the longest wait that a 429 brings by itself; its Retry-After is a floor all the same
	usualMin       = 5 * time.Minute
)

// Schedule decides when a source is asked again.
type Schedule struct {
	// Min is the operator's least interval between two polls of one source.
	Min time.Duration
	// TestClock drops the minimums of plans and platforms, so that tests and the demo run in seconds.
	TestClock bool
}

// scaled is d, or on a test clock what d is to the usual minimum of 5 minutes.
func (s Schedule) scaled(d time.Duration) time.Duration {
	if s.TestClock {
		return time.Duration(float64(d) * float64(s.Min) / float64(usualMin))
	}
	return d
}

// Interval is the time between two polls of a healthy source: what its rhythm asks for, at least the
// operator's, the plan's and the platform's minimum, at most 24 h.
func (s Schedule) Interval(plan, platform time.Duration, r Rhythm, silence time.Duration) time.Duration {
	if s.TestClock {
		return s.Min
	}
	return min(max(s.Min, plan, platform, r.interval(silence)), maxInterval)
}

// NextSlot is the source's next turn. Turns lie an interval apart at a phase hashed from the id, which
// spreads the sources of one interval evenly; a poll out of turn (the first, a late one) is followed by
// the next turn that is at least half an interval away. floor is the least wait the source asked for.
func (s Schedule) NextSlot(id uuid.UUID, now time.Time, interval, floor time.Duration) time.Time {
	phase := time.Duration(hash(id) % uint64(interval))
	since := now.Sub(time.Unix(0, 0)) - phase
	next := now.Add(interval - since%interval)
	if next.Sub(now) < interval/2 {
		next = next.Add(interval)
	}
	if wanted := now.Add(min(floor, maxInterval)); next.Before(wanted) {
		return wanted
	}
	return next
}

// Backoff is the wait after the given number of failures in a row (1 or more): 30 minutes, doubled each
// time up to 7 days and to 6 hours for a 429, spread by a tenth. It always ends, so no source stops for good.
func (s Schedule) Backoff(id uuid.UUID, failures int, kind source.ErrorKind, retryAfter time.Duration) time.Duration {
	wait, limit := s.scaled(firstBackoff), maxBackoff
	if kind == source.RateLimited {
		limit = maxLimitedWait
	}
	for i := 1; i < failures && wait < limit; i++ {
		wait *= 2
	}
	return max(s.spread(id, min(wait, limit)), retryAfter)
}

// spread shortens a wait by up to a tenth, so that sources do not come back together.
func (s Schedule) spread(id uuid.UUID, wait time.Duration) time.Duration {
	return wait - time.Duration(hash(id)%uint64(wait/10+1))
}

func hash(id uuid.UUID) uint64 {
	h := fnv.New64a()
	h.Write(id[:]) // a hash never fails
	return h.Sum64()
}

// Lane is the poller's fairness class of what a tenant brings: a number below 256.
func Lane(clientID uuid.UUID) int16 { return int16(hash(clientID) % 256) }

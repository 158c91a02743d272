package discord

import (
	"net/http"
	"sync"
	"time"
)

// A lane is a set of routes that share Discord's global limit.
type lane string

const (
	laneBot         lane = "bot"         // the bot token's
	laneInteraction lane = "interaction" // exempt from the bot's (Discord API docs: Rate Limits, Global)
	laneOAuth       lane = "oauth"
	laneAddress     lane = "" // blocks all of them
)

// sweepEvery is how many reservations pass between two searches for idle buckets.
const sweepEvery = 512

// bucketKey names a limit: Discord's bucket (our route until it is known) and
// the top-level resource it is counted for.
type bucketKey struct{ name, major string }

// namedBucket is what is known of a bucket whatever the resource.
type namedBucket struct {
	name   string
	limit  int
	window time.Duration
}

// limiter knows what Discord would refuse. Safe for concurrent use.
type limiter struct {
	mu      sync.Mutex
	now     func() time.Time
	global  *slidingWindow
	guard   *Refusals // of the address, shared
	refusal refusal
	lanes   map[lane]time.Time
	named   map[string]namedBucket // by route
	buckets map[bucketKey]*bucket
	count   int
}

func newLimiter(now func() time.Time, perSecond int, refusals *Refusals) *limiter {
	return &limiter{
		now:     now,
		global:  newSlidingWindow(perSecond, time.Second),
		guard:   refusals,
		lanes:   map[lane]time.Time{},
		named:   map[string]namedBucket{},
		buckets: map[bucketKey]*bucket{},
	}
}

// allow sets how many requests of the token a second are this process's.
func (l *limiter) allow(perSecond int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.global = l.global.resized(perSecond)
}

// reserve counts the request as sent and returns its bucket, or the reason why
// it must not be sent now; then nothing was counted.
func (l *limiter) reserve(rq *request) (*bucket, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if wait := l.guard.wait(now); wait > 0 {
		return nil, &GuardError{Route: rq.route, RetryAfter: wait}
	}
	if rq.lane == laneBot && l.refusal.holds(now) {
		return nil, &refusedTokenError{route: rq.route}
	}
	if wait, scope := l.laneWait(rq.lane, now); wait > 0 {
		return nil, &RateLimitError{Route: rq.route, RetryAfter: wait, Global: true, Scope: scope, Local: true}
	}
	b := l.bucket(rq)
	if wait, scope := b.wait(now); wait > 0 {
		return nil, &RateLimitError{Route: rq.route, RetryAfter: wait, Scope: scope, Local: true}
	}
	b.take(now)
	if rq.lane == laneBot {
		l.global.take(now)
		l.refusal.probe(now)
	}
	if l.count++; l.count%sweepEvery == 0 {
		l.sweep(now)
	}
	return b, nil
}

func (l *limiter) laneWait(ln lane, now time.Time) (time.Duration, string) {
	if until := l.lanes[laneAddress]; now.Before(until) {
		return until.Sub(now), "address"
	}
	if until := l.lanes[ln]; now.Before(until) {
		return until.Sub(now), "global"
	}
	if ln == laneBot {
		return l.global.wait(now), "global"
	}
	return 0, ""
}

func (l *limiter) bucket(rq *request) *bucket {
	known, ok := l.named[rq.route]
	if !ok {
		known.name = rq.route
	}
	key := bucketKey{known.name, rq.major}
	b := l.buckets[key]
	if b == nil {
		b = &bucket{limit: known.limit, remaining: known.limit, window: known.window}
		l.buckets[key] = b
	}
	return b
}

// abandon takes back the place of a request that got no answer.
func (l *limiter) abandon(b *bucket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b.inflight--
}

// observe learns from an answer. For a 429 it returns the error to report.
func (l *limiter) observe(rq *request, b *bucket, status int, h http.Header, body []byte) *RateLimitError {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b.inflight--
	if heads := readLimitHeaders(h, now); heads.known {
		if heads.bucket != "" {
			l.named[rq.route] = namedBucket{heads.bucket, heads.limit, max(heads.resetAfter, l.named[rq.route].window)}
			b = l.bucket(rq)
		}
		b.learn(now, heads)
		b.used = now
	}
	if rq.lane == laneBot {
		l.judgeToken(status, now)
	}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		l.guard.add(now)
	case http.StatusTooManyRequests:
		return l.limited(rq, b, rateLimit(rq.route, h, body, now), now)
	}
	return nil
}

// judgeToken takes a 401 as a refused bot token, and any other answer that
// Discord gives only after reading it as an accepted one.
func (l *limiter) judgeToken(status int, now time.Time) {
	switch {
	case status == http.StatusUnauthorized:
		l.refusal.refused(now)
	case status < http.StatusInternalServerError && status != http.StatusTooManyRequests:
		l.refusal.accepted()
	}
}

func (l *limiter) limited(rq *request, b *bucket, e *RateLimitError, now time.Time) *RateLimitError {
	if e.Scope != "shared" {
		l.guard.add(now)
	}
	until := now.Add(e.RetryAfter)
	switch {
	case e.Scope == "address":
		l.block(laneAddress, until)
	case e.Global:
		l.block(rq.lane, until)
	case until.After(b.blocked):
		b.blocked, b.scope = until, e.Scope
	}
	return e
}

func (l *limiter) block(ln lane, until time.Time) {
	if until.After(l.lanes[ln]) {
		l.lanes[ln] = until
	}
}

// sweep forgets what no longer holds anything back.
func (l *limiter) sweep(now time.Time) {
	for key, b := range l.buckets {
		if b.idle(now) {
			delete(l.buckets, key)
		}
	}
	for ln, until := range l.lanes {
		if !now.Before(until) {
			delete(l.lanes, ln)
		}
	}
}

// refused returns how many requests count towards Discord's ban.
func (l *limiter) refused() int { return l.guard.Count(l.now()) }

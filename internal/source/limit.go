package source

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pace is how often one host may be asked.
type pace struct {
	every rate.Limit // requests per second
	burst int
}

// The paces of the platforms, under what they allow one address: Mastodon 300 requests in 5 minutes and, of those,
// 300 pages in 15 minutes (Mastodon docs: Rate limits; every request with a since_id or min_id is a page), Bluesky 3,000 in 5 minutes (Bluesky docs: Rate Limits), Twitch 800 points
// a minute and app (Twitch docs: API Concepts); the others publish no figure.
func feedPace() pace     { return pace{2, 5} }
func mastodonPace() pace { return pace{0.95, 5} }
func pagePace() pace     { return pace{0.32, 10} }
func blueskyPace() pace  { return pace{8, 16} }
func youtubePace() pace  { return pace{4, 8} }
func twitchPace() pace   { return pace{12, 24} }
func hubPace() pace      { return pace{5, 10} }

const (
	limitsToSweep = 4096             // hosts remembered before idle ones are dropped
	maxHold       = 15 * time.Minute // longest silence that one refusal brings over a whole host
)

// hostLimits keeps one limiter per host. A host that two platforms share gets the slower pace.
type hostLimits struct {
	now      func() time.Time
	override *pace             // for every host, instead of its platform's
	exempt   func(string) bool // hosts without a limit

	mu      sync.Mutex // guards what follows
	hosts   map[string]*hostPace
	sweepAt int
	among   int // processes that divide the paces
}

type hostPace struct {
	*rate.Limiter
	pace  pace      // undivided
	until time.Time // the host refused us until then
}

func newHostLimits(now func() time.Time, override *pace, exempt func(string) bool) *hostLimits {
	return &hostLimits{
		now: now, override: override, exempt: exempt,
		hosts: map[string]*hostPace{}, sweepAt: limitsToSweep, among: 1,
	}
}

// wait takes one request of host's allowance, waiting for it no longer than ctx lasts. It fails with
// RateLimited (Status 0) at once when the wait would outlast ctx or the host refused us of late.
func (l *hostLimits) wait(ctx context.Context, host string, p pace) error {
	now := l.now()
	r, held := l.reserve(host, p, now)
	if held > 0 {
		return ownLimit(host, held)
	}
	if r == nil {
		return nil
	}
	delay := r.DelayFrom(now)
	if delay <= 0 {
		return nil
	}
	if deadline, ok := ctx.Deadline(); ok && now.Add(delay).After(deadline) {
		r.CancelAt(now)
		return ownLimit(host, delay)
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		r.CancelAt(l.now())
		return networkError(host, ctx.Err())
	}
}

func ownLimit(host string, delay time.Duration) *Error {
	return &Error{
		Kind: RateLimited, RetryAfter: delay, Public: "Many requests to this host are waiting.",
		Err: fmt.Errorf("host %s is free in %s", host, delay),
	}
}

// reserve books one request, unless the host is held (second result) or has no limit (nil).
func (l *hostLimits) reserve(host string, p pace, now time.Time) (*rate.Reservation, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.get(host, p, now)
	if h.until.After(now) {
		return nil, h.until.Sub(now)
	}
	if h.Limiter == nil {
		return nil, 0
	}
	return h.ReserveN(now, 1), 0
}

// get finds or makes a host's entry; l.mu is held.
func (l *hostLimits) get(host string, p pace, now time.Time) *hostPace {
	if l.override != nil {
		p = *l.override
	}
	h := l.hosts[host]
	if h == nil {
		l.sweep(now)
		h = &hostPace{pace: p}
		if l.override != nil || !l.exempt(strings.TrimSuffix(host, pages(""))) {
			share := p.among(l.among)
			h.Limiter = rate.NewLimiter(share.every, share.burst)
		}
		l.hosts[host] = h
	}
	if p.every < h.pace.every {
		h.pace = p
		h.divide(now, l.among)
	}
	return h
}

// among is the part of one of so many processes. A burst is never less than the one request it is about.
func (p pace) among(processes int) pace {
	return pace{p.every / rate.Limit(processes), max(1, p.burst/processes)}
}

// divide takes the part of one of so many; l.mu is held.
func (h *hostPace) divide(now time.Time, among int) {
	if h.Limiter != nil {
		share := h.pace.among(among)
		h.SetLimitAt(now, share.every)
		h.SetBurstAt(now, share.burst)
	}
}

// divide leaves this process one part of so many of each pace.
func (l *hostLimits) divide(among int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.among = max(1, among)
	for _, h := range l.hosts {
		h.divide(l.now(), l.among)
	}
}

// sweep drops hosts that a fresh entry would treat alike; l.mu is held.
func (l *hostLimits) sweep(now time.Time) {
	if len(l.hosts) < l.sweepAt {
		return
	}
	for name, h := range l.hosts {
		full := h.Limiter == nil || h.TokensAt(now) >= float64(h.Burst())
		if full && !h.until.After(now) {
			delete(l.hosts, name)
		}
	}
	l.sweepAt = max(limitsToSweep, 2*len(l.hosts))
}

// hold keeps every request from a host that has refused us by address. d is capped at 15 minutes.
func (l *hostLimits) hold(host string, p pace, d time.Duration) {
	if d <= 0 || (l.override == nil && l.exempt(host)) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	h := l.get(host, p, now)
	if until := now.Add(min(d, maxHold)); until.After(h.until) {
		h.until = until
	}
}

// pages is the limiter's key for the pages of a host's lists, which some platforms count apart.
func pages(host string) string { return host + " pages" }

// delay is how long a request to host would wait now, of a page too where pages are counted; it books nothing.
func (l *hostLimits) delay(host string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.delayOf(host), l.delayOf(pages(host)))
}

// delayOf is the delay of one entry; l.mu is held.
func (l *hostLimits) delayOf(host string) time.Duration {
	h, now := l.hosts[host], l.now()
	switch {
	case h == nil:
		return 0
	case h.until.After(now):
		return h.until.Sub(now)
	case h.Limiter == nil || h.TokensAt(now) >= 1:
		return 0
	}
	return time.Duration((1 - h.TokensAt(now)) / float64(h.Limit()) * float64(time.Second))
}

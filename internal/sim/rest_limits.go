package sim

import (
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"strconv"
	"time"
)

// invalidWindow is the span over which invalid requests are counted
// (Discord API docs: Invalid Request Limit).
const invalidWindow = 10 * time.Minute

// limiter holds fixed windows by key. It is guarded by Sim.mu.
type limiter struct {
	windows map[string]*window
	swept   time.Time
}

type window struct {
	start time.Time
	span  time.Duration
	used  int
}

func newLimiter() limiter { return limiter{windows: map[string]*window{}} }

// use counts one request and returns its window, which begins with the first request.
func (l *limiter) use(key string, span time.Duration, now time.Time) *window {
	l.sweep(now)
	w := l.windows[key]
	if w == nil || !now.Before(w.start.Add(w.span)) {
		w = &window{start: now, span: span}
		l.windows[key] = w
	}
	w.used++
	return w
}

func (w *window) left(now time.Time) time.Duration { return w.start.Add(w.span).Sub(now) }

// sweep forgets windows that have ended, once a minute.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for key, w := range l.windows {
		if w.left(now) <= 0 {
			delete(l.windows, key)
		}
	}
}

func (l *limiter) invalid(addr string, now time.Time, limit int) {
	if w := l.use("invalid "+addr, invalidWindow, now); limit > 0 && w.used >= limit {
		l.windows["banned "+addr] = &window{start: now, span: w.left(now)}
	}
}

func (l *limiter) bannedFor(addr string, now time.Time) time.Duration {
	if w := l.windows["banned "+addr]; w != nil {
		return w.left(now)
	}
	return 0
}

// bucketLimit is the limit of a named bucket. Discord does not publish these
// figures and asks that they be read from the headers; these are plausible ones.
func (s *Sim) bucketLimit(name string) Limit {
	if l, ok := s.cfg.Limits.Buckets[name]; ok {
		return l
	}
	switch name {
	case "message-create", "message-read", "message-edit", "message-delete":
		return Limit{5, 5 * time.Second}
	case "user-guilds":
		return Limit{1, time.Second}
	case "gateway-bot":
		return Limit{2, 5 * time.Second}
	case "webhook":
		return Limit{5, 2 * time.Second}
	case "commands":
		return Limit{30, 10 * time.Second}
	default:
		return Limit{20, time.Second}
	}
}

// limit applies the global and the bucket's limit and writes the X-RateLimit headers.
func (s *Sim) limit(h http.Header, rt apiRoute, c *call, addr string, now time.Time) *apiError {
	who := c.Header.Get("Authorization")
	if who == "" {
		who = addr
	}
	if !rt.free && s.cfg.Limits.Global > 0 {
		w := s.limits.use("global "+who, time.Second, now)
		if w.used > s.cfg.Limits.Global {
			h.Set("X-RateLimit-Global", "true")
			return rateLimited(h, w.left(now), "global")
		}
	}
	l := s.bucketLimit(rt.bucket)
	if rt.bucket == "" || l.Requests <= 0 {
		return nil
	}
	w := s.limits.use("bucket "+rt.bucket+" "+c.PathValue(rt.major)+" "+who, l.Window, now)
	reset := w.start.Add(w.span)
	h.Set("X-RateLimit-Limit", strconv.Itoa(l.Requests))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(l.Requests-w.used, 0)))
	h.Set("X-RateLimit-Reset", seconds(time.Duration(reset.UnixNano())))
	h.Set("X-RateLimit-Reset-After", seconds(w.left(now)))
	h.Set("X-RateLimit-Bucket", bucketID(rt.bucket))
	if w.used > l.Requests {
		return rateLimited(h, w.left(now), "user")
	}
	return nil
}

// rateLimited is Discord's 429 (Discord API docs: Exceeding A Rate Limit).
func rateLimited(h http.Header, left time.Duration, scope string) *apiError {
	left = max(left, time.Millisecond)
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(left.Seconds()))))
	h.Set("X-RateLimit-Scope", scope)
	after, err := strconv.ParseFloat(seconds(left), 64)
	if err != nil {
		panic(err) // seconds writes a number
	}
	return &apiError{Status: http.StatusTooManyRequests, raw: object{
		"message": "You are being rate limited.", "retry_after": after, "global": scope == "global",
	}}
}

// cloudflareBan is what an address gets after too many invalid requests: no JSON, no bucket headers.
func cloudflareBan(h http.Header, left time.Duration) (int, []byte) {
	h.Set("Content-Type", "text/plain; charset=UTF-8")
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(left.Seconds()))))
	return http.StatusTooManyRequests, []byte("error code: 1015")
}

// seconds writes a duration in seconds with milliseconds, rounded up.
func seconds(d time.Duration) string {
	ms := (d + time.Millisecond - 1) / time.Millisecond
	return fmt.Sprintf("%d.%03d", ms/1000, ms%1000)
}

func bucketID(name string) string {
	h := fnv.New128a()
	_, _ = h.Write([]byte(name))
	return fmt.Sprintf("%x", h.Sum(nil))
}

package source

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	maxHint         = 24 * time.Hour // beyond this no source's wish is followed
	maxValidatorLen = 512
	unixFloor       = 1_000_000_000 // numbers above it are points in time, below it seconds to wait
)

// retryAfter is how long a refusal asks us to wait: Retry-After (RFC 9110 §10.2.3, seconds or a date),
// else the reset of a rate limit in the forms the platforms use: a date (Mastodon), Unix seconds
// (Bluesky) or seconds to wait (IETF draft). 0 is no hint.
func retryAfter(h http.Header, now time.Time) time.Duration {
	for _, name := range []string{"Retry-After", "X-Ratelimit-Reset", "Ratelimit-Reset"} {
		if d, ok := parseDelay(h.Get(name), now); ok {
			return d
		}
	}
	return 0
}

// parseDelay reads one such value; a time gone by is a delay of 0.
func parseDelay(v string, now time.Time) (time.Duration, bool) {
	v = strings.TrimSpace(v)
	if v == "" {
		return 0, false
	}
	if n, err := strconv.ParseFloat(v, 64); err == nil {
		switch {
		case n != n || n < 0:
			return 0, false
		case n >= unixFloor:
			n -= float64(now.Unix())
		}
		return clampHint(time.Duration(min(n, maxHint.Seconds()) * float64(time.Second))), true
	}
	if t, err := http.ParseTime(v); err == nil {
		return clampHint(t.Sub(now)), true
	}
	if t, err := time.Parse(time.RFC3339, v); err == nil {
		return clampHint(t.Sub(now)), true
	}
	return 0, false
}

func clampHint(d time.Duration) time.Duration { return max(0, min(d, maxHint)) }

// maxAge is the freshness that Cache-Control grants (RFC 9111 §5.2.2), less the Age already passed.
// Expires is ignored: feeds send "0" and dates long gone.
func maxAge(h http.Header) time.Duration {
	var age int64
	for _, d := range strings.Split(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(d)), "=")
		switch name {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			age, _ = strconv.ParseInt(strings.Trim(value, `"`), 10, 64)
		}
	}
	if passed, err := strconv.ParseInt(h.Get("Age"), 10, 64); err == nil && passed > 0 {
		age -= passed
	}
	age = max(0, min(age, int64(maxHint/time.Second)))
	return time.Duration(age) * time.Second
}

// validators takes the validators of an answer. On a 304 those it does not repeat stay as they were
// (RFC 9111 §4.3.4). A Last-Modified that is no date ("0", "-1") validates nothing.
func validators(status int, h http.Header, old Validators) Validators {
	var v Validators
	if status == http.StatusNotModified {
		v = old
	}
	if tag := strings.TrimSpace(h.Get("ETag")); tag != "" && len(tag) <= maxValidatorLen {
		v.ETag = cleanLine(tag)
	}
	if date := strings.TrimSpace(h.Get("Last-Modified")); len(date) <= maxValidatorLen {
		if t, err := http.ParseTime(date); err == nil && t.Unix() > 0 {
			v.LastModified = date
		}
	}
	return v
}

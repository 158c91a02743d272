package discord

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// longestWait bounds what an answer may ask for, against overflow and nonsense.
	longestWait = 24 * time.Hour
	// unnamedWait is used for a 429 that does not say how long.
	unnamedWait = time.Second
	// addressWait is used for a block of this address that does not say how long.
	addressWait = time.Minute
	// errorDepth bounds how deep the errors of a 50035 are read.
	errorDepth = 16
	// messageCap bounds how much of a foreign message is kept.
	messageCap = 300
)

// limitHeaders are the X-RateLimit headers of an answer (Discord API docs: Rate Limits, Header Format).
type limitHeaders struct {
	known      bool // limit, remaining and a reset were all there
	limit      int
	remaining  int
	resetAfter time.Duration
	bucket     string
}

func readLimitHeaders(h http.Header, now time.Time) limitHeaders {
	out := limitHeaders{bucket: h.Get("X-RateLimit-Bucket")}
	limit, errLimit := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	remaining, errRemaining := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	reset, okReset := readReset(h, now)
	out.known = errLimit == nil && errRemaining == nil && okReset && limit > 0 && remaining >= 0
	if out.known {
		out.limit, out.remaining, out.resetAfter = limit, remaining, reset
	}
	return out
}

// readReset prefers the relative header; the absolute one is read against the
// server's own Date, so that a wrong clock here does no harm.
func readReset(h http.Header, now time.Time) (time.Duration, bool) {
	if d, ok := seconds(h.Get("X-RateLimit-Reset-After")); ok {
		return d, true
	}
	at, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset"), 64)
	if err != nil || math.IsNaN(at) || math.IsInf(at, 0) {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return clampWait(at - float64(now.UnixMilli())/1000), true
}

// seconds reads a duration in seconds, decimals allowed.
func seconds(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f < 0 {
		return 0, false
	}
	return clampWait(f), true
}

func clampWait(secs float64) time.Duration {
	switch {
	case secs <= 0:
		return 0
	case secs >= longestWait.Seconds():
		return longestWait
	default:
		return time.Duration(math.Round(secs*1e6)) * time.Microsecond
	}
}

// readRetryAfter reads Retry-After in both forms of RFC 9110 §10.2.3.
func readRetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	v := h.Get("Retry-After")
	if d, ok := seconds(v); ok {
		return d, true
	}
	if at, err := http.ParseTime(v); err == nil {
		return clampWait(at.Sub(now).Seconds()), true
	}
	return 0, false
}

// errorBody is any of Discord's error answers: plain, 429 and OAuth.
type errorBody struct {
	Code        json.RawMessage `json:"code"`
	Message     json.RawMessage `json:"message"`
	Errors      json.RawMessage `json:"errors"`
	RetryAfter  *float64        `json:"retry_after"`
	Global      bool            `json:"global"`
	OAuth       string          `json:"error"`
	Description string          `json:"error_description"`
}

// readError reads a body that may as well be a proxy's HTML page or nothing.
func readError(body []byte) (errorBody, bool) {
	var e errorBody
	if json.Unmarshal(body, &e) != nil {
		return errorBody{}, false
	}
	return e, true
}

func (b errorBody) code() int {
	var n int
	if json.Unmarshal(b.Code, &n) != nil {
		return 0
	}
	return n
}

func (b errorBody) message(status int) string {
	var s string
	if json.Unmarshal(b.Message, &s) != nil || s == "" {
		s = b.Description
	}
	if s == "" {
		s = http.StatusText(status)
	}
	if len(s) > messageCap {
		s = strings.ToValidUTF8(s[:messageCap], "")
	}
	return s
}

// rateLimit reads a 429. Discord's own always name a wait in the body; one that
// has neither the body nor the headers comes from the network in front of it
// and blocks the whole address.
func rateLimit(route string, h http.Header, body []byte, now time.Time) *RateLimitError {
	e, _ := readError(body)
	out := &RateLimitError{
		Route:  route,
		Scope:  strings.ToLower(h.Get("X-RateLimit-Scope")),
		Global: e.Global || h.Get("X-RateLimit-Global") == "true",
		Code:   e.code(),
	}
	wait, named := readRetryAfter(h, now)
	if e.RetryAfter != nil && *e.RetryAfter >= 0 {
		wait, named = clampWait(*e.RetryAfter), true
	} else if !named {
		wait, named = seconds(h.Get("X-RateLimit-Reset-After"))
	}
	foreign := e.RetryAfter == nil && h.Get("X-RateLimit-Limit") == "" && out.Scope == "" && !out.Global
	switch {
	case foreign:
		out.Scope, out.Global = "address", true
		if !named {
			wait = addressWait
		}
	case !named:
		wait = unnamedWait
	}
	out.Global = out.Global || out.Scope == "global"
	if out.Scope == "" {
		out.Scope = "user"
		if out.Global {
			out.Scope = "global"
		}
	}
	out.RetryAfter = max(wait, time.Millisecond)
	return out
}

func apiError(route string, status int, h http.Header, body []byte, now time.Time) *APIError {
	e, _ := readError(body)
	out := &APIError{Route: route, Status: status, Code: e.code(), Message: e.message(status), OAuth: e.OAuth}
	if len(e.Errors) > 0 {
		out.Fields = fieldErrors(e.Errors, nil, nil)
	}
	if status >= http.StatusInternalServerError {
		out.RetryAfter, _ = readRetryAfter(h, now)
	}
	return out
}

// fieldErrors flattens the tree of a 50035: each level is keyed by field name or
// index, and the leaves are lists under "_errors" (Discord API docs: Reference,
// Error Messages).
func fieldErrors(tree json.RawMessage, path []string, into []FieldError) []FieldError {
	var level map[string]json.RawMessage
	if len(path) > errorDepth || json.Unmarshal(tree, &level) != nil {
		return into
	}
	var leaves []struct{ Code, Message string }
	if json.Unmarshal(level["_errors"], &leaves) == nil {
		for _, l := range leaves {
			into = append(into, FieldError{Path: strings.Join(path, "."), Code: l.Code, Message: l.Message})
		}
	}
	names := make([]string, 0, len(level))
	for name := range level {
		if name != "_errors" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		into = fieldErrors(level[name], append(slices.Clip(path), name), into)
	}
	return into
}

// readBounded reads at most limit bytes and refuses more.
func readBounded(r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return body, fmt.Errorf("read answer: %w", err)
	}
	if int64(len(body)) > limit {
		return body[:limit], fmt.Errorf("read answer: %w (over %d bytes)", ErrTooLarge, limit)
	}
	return body, nil
}

package sim_test

import (
	"strconv"
	"testing"
	"time"

	"trackbot/internal/sim"
)

func TestBucketLimitIsToldAndEnforcedPerChannel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := must(w.AddChannel(w.guild, sim.ChannelSpec{Name: "second"}))
	for i := range 5 {
		r := w.send(m{"content": "x"}).want(200, 0)
		if got := r.header.Get("X-RateLimit-Remaining"); got != strconv.Itoa(4-i) || r.header.Get("X-RateLimit-Limit") != "5" {
			t.Fatalf("headers after %d sends: %v", i+1, r.header)
		}
	}
	w.clock.advance(1500 * time.Millisecond)
	r := w.send(m{"content": "x"}).want(429, 0)
	if r.object["retry_after"] != 3.5 || r.object["global"] != false {
		t.Errorf("body is %s", r.raw)
	}
	for name, want := range map[string]string{
		"Retry-After": "4", "X-RateLimit-Scope": "user", "X-RateLimit-Reset-After": "3.500", "X-RateLimit-Remaining": "0",
		"X-RateLimit-Reset": "1795348865.000", "X-RateLimit-Global": "",
	} {
		if got := r.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	second := w.rest("POST", "/channels/"+other+"/messages", m{"content": "x"}).want(200, 0)
	if second.header.Get("X-RateLimit-Bucket") != r.header.Get("X-RateLimit-Bucket") {
		t.Error("the bucket's id must not depend on the channel")
	}
	w.clock.advance(3500 * time.Millisecond)
	w.send(m{"content": "x"}).want(200, 0)
}

func TestGlobalLimitIsFiftyASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sim.Config) { c.Limits.Buckets = map[string]sim.Limit{"user": {Requests: -1}} })
	for range 50 {
		w.rest("GET", "/users/@me", nil).want(200, 0)
	}
	r := w.rest("GET", "/users/@me", nil).want(429, 0)
	if r.header.Get("X-RateLimit-Global") != "true" || r.header.Get("X-RateLimit-Scope") != "global" || r.object["global"] != true {
		t.Errorf("global 429 is %v %s", r.header, r.raw)
	}
	w.call("POST", "/api/v10/interactions/1/x/callback", m{"type": 4}, nil).want(404, 10062) // not bound to the global limit
	w.clock.advance(time.Second)
	w.rest("GET", "/users/@me", nil).want(200, 0)
}

func TestTooManyInvalidRequestsBanTheAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited, func(c *sim.Config) { c.Limits.InvalidRequests = 3 })
	for range 3 {
		w.call("GET", "/api/v10/users/@me", nil, nil).want(401, 0)
	}
	r := w.rest("GET", "/users/@me", nil).want(429, 0)
	if string(r.raw) != "error code: 1015" || r.header.Get("X-RateLimit-Scope") != "" || r.header.Get("Retry-After") != "600" {
		t.Errorf("ban is %v %q", r.header, r.raw)
	}
	w.clock.advance(10*time.Minute + time.Second)
	w.rest("GET", "/users/@me", nil).want(200, 0)
}

func TestRequestsAreCountedByRouteAndStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	w.ResetRequests()
	w.send(m{"content": "x"})
	w.send(m{"content": "y"})
	w.send(m{})
	got := map[sim.RequestCount]bool{}
	for _, c := range w.RequestCounts() {
		got[c] = true
	}
	const route = "POST /api/v10/channels/{channel}/messages"
	if len(got) != 2 || !got[sim.RequestCount{Route: route, Status: 200, Count: 2}] || !got[sim.RequestCount{Route: route, Status: 400, Count: 1}] {
		t.Errorf("counts are %v", got)
	}
	if list := w.Requests("/api/v10/channels/*/messages"); len(list) != 3 || list[2].Status != 400 {
		t.Errorf("journal is %v", list)
	}
}

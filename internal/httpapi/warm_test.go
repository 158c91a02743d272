package httpapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/apikey"
	"trackbot/internal/httpapi"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/warm"
)

// keeping is a process's memory of answers, which hears what changes until the test ends.
func keeping(t *testing.T, st *store.Store, accounts *account.Service, keys *apikey.Service, slack time.Duration) *warm.Cache {
	t.Helper()
	notices := st.NewListener(store.ListenerConfig{})
	answers := warm.New(notices, warm.Config{Slack: slack})
	notices.Subscribe(store.ChannelData, answers.Changed)
	notices.Subscribe(store.ChannelAccess, accounts.AccessChanged)
	notices.Subscribe(store.ChannelAccess, keys.AccessChanged)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var hearing sync.WaitGroup
	hearing.Go(func() {
		if err := notices.Run(ctx); err != nil {
			t.Errorf("run listener: %v", err)
		}
	})
	t.Cleanup(func() { cancel(); hearing.Wait() })
	return answers
}

// process is another process of the world's installation, with connections and memory of its own.
func (w *signInWorld) process(t *testing.T) http.Handler {
	t.Helper()
	st, deps := openStore(t, w.url, store.RoleAPI), w.deps
	deps.Tracked, deps.Catalog = tracking.NewReader(st), tracking.NewCatalog(st, fakePlatform{})
	deps.Warm = keeping(t, st, w.accounts, w.deps.Keys, 0)
	h, err := httpapi.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// cold is the same API without a memory of answers.
func (w *signInWorld) cold(t *testing.T) http.Handler {
	t.Helper()
	deps := w.deps
	deps.Warm = nil
	h, err := httpapi.New(deps)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestAWriterNeverReadsAnOlderPageAtAnotherProcess(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n := newNewsroom(t, w, "Anna's")
	processes := []http.Handler{w.process(t), w.process(t)}
	over := make(chan struct{})
	var others, writers sync.WaitGroup
	read := func(h http.Handler) *httptest.ResponseRecorder {
		return call{method: "GET", path: n.path("/brands"), token: n.token}.send(h)
	}
	for _, h := range processes { // who keep the page in memory, and being made, all the time
		others.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					if got := read(h); got.Code != http.StatusOK {
						t.Errorf("read: %d %s", got.Code, got.Body)
						return
					}
				}
			}
		})
	}
	for i := range 2 {
		brand := n.brand(fmt.Sprint("Writer ", i))
		writers.Go(func() {
			for round := range 40 {
				name := fmt.Sprintf("%d-%d", i, round)
				here, there := processes[(i+round)%2], processes[(i+round+1)%2]
				change := call{method: "PATCH", path: n.path("/brands/" + brand.String()), token: n.token, body: `{"name":"` + name + `"}`}.send(here)
				if change.Code != http.StatusOK {
					t.Errorf("change: %d %s", change.Code, change.Body)
					return
				}
				for _, h := range []http.Handler{there, here} {
					if page := read(h); !strings.Contains(page.Body.String(), `"`+name+`"`) {
						t.Errorf("after %s was written the page is %s", name, page.Body)
					}
				}
			}
		})
	}
	writers.Wait()
	close(over)
	others.Wait()
}

// keptPaths are addresses of every kind whose answers are kept, some of them refused.
func keptPaths() []string {
	return []string{
		"/posts", "/posts?limit=2", "/posts?sort=views", "/posts?limit=2&sort=likes", "/posts?q=marker", "/posts?kind=video", "/posts?from=2026-01-01",
		"/posts?limit=0", "/posts?else=1", "/posts?limit=2&limit=2", "/brands", "/brands?limit=1", "/groups", "", "?x=1", "/usage", "/usage?from=2026-11-01&to=2026-11-02",
		"/accounts", "/accounts?limit=1", "/accounts?platform=bluesky", "/accounts?q=marker", "/accounts?state=else",
		"/analytics?from=2026-11-01&to=2026-11-20", "/analytics?from=2026-11-01&to=2026-11-20&groupBy=brand",
	}
}

// In whatever order tenants and callers of several rights ask, each gets what it would get without a memory.
func TestKeptAnswersAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	cold := w.cold(t)
	var callers []call
	for i := range 3 {
		n := newNewsroom(t, w, fmt.Sprint("Room ", i))
		n.exec("UPDATE guild_settings SET dashboard_access = 'members', timezone = $2 WHERE client_id = $1", n.client, []string{"UTC", "Asia/Tokyo", "America/New_York"}[i])
		marker := fmt.Sprintf("marker-%d-", i)
		acc := n.account(n.group(n.brand(marker+"brand"), marker+"group"), "bluesky", marker+"handle")
		for p := range 5 {
			n.deliver(n.post(acc, []string{"post", "video"}[p%2], marker+fmt.Sprint(p), p), n.channel(), "sent", "600000000000000000")
		}
		for _, token := range []string{n.token, n.member(fmt.Sprint("member", i))} {
			callers = append(callers, call{method: "GET", path: n.path(""), token: token, body: "", header: map[string]string{"X-Marker": marker}})
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	tags := map[string]string{}
	for range 500 {
		c := callers[random.IntN(len(callers))]
		other := callers[random.IntN(len(callers))]
		marker, tail := c.header["X-Marker"], keptPaths()[random.IntN(len(keptPaths()))]
		if random.IntN(4) == 0 {
			c.token = other.token // who may be a stranger to the guild
		}
		c.path, c.header = c.path+tail, map[string]string{}
		if random.IntN(2) == 0 {
			c.header["If-None-Match"] = tags[c.path+c.token]
		}
		got, want := c.send(w), c.send(cold)
		tags[c.path+c.token] = want.Header().Get("ETag")
		sameAnswer(t, c, got, want)
		for i := range 3 {
			if foreign := fmt.Sprintf("marker-%d-", i); foreign != marker && strings.Contains(got.Body.String(), foreign) {
				t.Fatalf("%s of %s holds %s", c.path, marker, foreign)
			}
		}
	}
}

func sameAnswer(t *testing.T, c call, got, want *httptest.ResponseRecorder) {
	t.Helper()
	headers := func(r *httptest.ResponseRecorder) http.Header {
		h := maps.Clone(r.Header())
		h.Del("X-Request-Id")
		h.Del("Date")
		return h
	}
	gotBody, wantBody := got.Body.String(), want.Body.String()
	if want.Code >= http.StatusBadRequest { // problems name their request
		gotBody, wantBody = string(problemOf(t, got).Code), string(problemOf(t, want).Code)
	}
	if got.Code != want.Code || gotBody != wantBody || fmt.Sprint(headers(got)) != fmt.Sprint(headers(want)) {
		t.Fatalf("%s: %d %s\n%v\nwant %d %s\n%v", c.path, got.Code, gotBody, headers(got), want.Code, wantBody, headers(want))
	}
}

func TestWhoMayNoLongerReadIsServedNothingThatIsKept(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	n := newNewsroom(t, w, "Anna's")
	n.exec("UPDATE guild_settings SET dashboard_access = 'members' WHERE client_id = $1", n.client)
	var key api.APIKeyCreated
	n.must(json.Unmarshal(n.change("POST", "/api-keys", `{"name":"Program","scopes":["read"]}`).Body.Bytes(), &key))
	left, kept, out, key1 := n.member("left"), n.member("kept"), n.member("out"), key.Key
	for _, token := range []string{left, kept, out, key1} {
		for range 2 {
			if got := (call{method: "GET", path: n.path("/brands"), token: token}).send(w); got.Code != http.StatusOK {
				t.Fatalf("read: %d %s", got.Code, got.Body)
			}
		}
	}
	n.exec("DELETE FROM user_guilds WHERE guild_id = $1 AND user_id = (SELECT id FROM users WHERE username = 'left')", n.guildID)
	n.exec("UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'operator' WHERE user_id = (SELECT id FROM users WHERE username = 'out')")
	if gone := n.change("DELETE", "/api-keys/"+key.ID.String(), ""); gone.Code != http.StatusNoContent {
		t.Fatalf("revoke: %d %s", gone.Code, gone.Body)
	}
	for token, want := range map[string]int{left: http.StatusNotFound, out: http.StatusUnauthorized, key1: http.StatusUnauthorized, kept: http.StatusOK} {
		var got int
		for deadline := time.Now().Add(5 * time.Second); got != want && time.Now().Before(deadline); runtime.Gosched() {
			got = (call{method: "GET", path: n.path("/brands"), token: token}).send(w).Code
		}
		if got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
	n.exec("UPDATE guild_settings SET dashboard_access = 'managers' WHERE client_id = $1", n.client)
	var got int
	for deadline := time.Now().Add(5 * time.Second); got != http.StatusNotFound && time.Now().Before(deadline); runtime.Gosched() {
		got = (call{method: "GET", path: n.path("/brands"), token: kept}).send(w).Code
	}
	if got != http.StatusNotFound {
		t.Errorf("a member of a guild that is its managers': %d", got)
	}
}

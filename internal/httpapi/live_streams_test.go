package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	directory "trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/live"
	"trackbot/internal/store"
)

// liveHub is a hub that hears the world's database, for as long as the test.
func (w *signInWorld) liveHub(t *testing.T, guilds *directory.Reader) *live.Hub {
	t.Helper()
	hub := live.New(w.api, guilds, httpapi.Events{}, live.Config{Beat: 10 * time.Millisecond, Tick: 50 * time.Millisecond})
	notices := w.api.NewListener(store.ListenerConfig{})
	notices.Subscribe(store.ChannelAccess, w.accounts.AccessChanged)
	notices.Subscribe(store.ChannelAccess, hub.AccessChanged)
	notices.Subscribe(store.ChannelLive, hub.Changed)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{}, 2)
	go func() { _ = notices.Run(ctx); ended <- struct{}{} }()
	go func() { _ = hub.Run(ctx); ended <- struct{}{} }()
	t.Cleanup(func() { stop(); <-ended; <-ended })
	return hub
}

// watcher reads the live stream of a newsroom.
type watcher struct {
	t     *testing.T
	res   *http.Response
	lines *bufio.Scanner
}

// watch opens the stream over a real connection, whose server gives nobody time to write.
func (n *newsroom) watch(token string, headers ...string) *watcher {
	n.t.Helper()
	server := httptest.NewUnstartedServer(n)
	server.Config.WriteTimeout = time.Millisecond
	server.Start()
	n.t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(n.t.Context(), http.MethodGet, server.URL+n.path("/status/stream"), nil)
	n.must(err)
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := server.Client().Do(r)
	n.must(err)
	n.t.Cleanup(func() { _ = res.Body.Close() })
	return &watcher{n.t, res, bufio.NewScanner(res.Body)}
}

// next reads the next event of a name into v and returns its id; false at the end of the stream.
func (w *watcher) next(name string, v any) (id string, ok bool) {
	w.t.Helper()
	var event string
	for w.lines.Scan() {
		field, value, _ := strings.Cut(w.lines.Text(), ": ")
		switch {
		case field == "id":
			id = value
		case field == "event":
			event = value
		case field == "data" && event == name:
			if err := json.Unmarshal([]byte(value), v); err != nil {
				w.t.Fatal(err)
			}
			return id, true
		}
	}
	return "", false
}

func TestStreamTellsWhatTheContractDescribes(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Live")
	account := n.account(n.group(n.brand("North"), "1"), "bluesky", "north")
	w := n.watch(n.token)
	h := w.res.Header
	if w.res.StatusCode != http.StatusOK || h.Get("Content-Type") != "text/event-stream; charset=utf-8" || h.Get("Cache-Control") != "no-store" ||
		h.Get("X-Request-Id") == "" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("%d %v", w.res.StatusCode, h)
	}
	var status api.GuildStatus
	if _, ok := w.next("status", &status); !ok || status.Bot.Status == "" {
		t.Fatalf("status %+v", status)
	}
	id := n.post(account, "post", "Fresh", 1)
	var post api.Post
	eventID, ok := w.next("post", &post)
	if !ok || post.ID != id || post.AccountID != account {
		t.Fatalf("post %+v", post)
	}
	n.exec("INSERT INTO exports (client_id, id, kind, format, requested_by) VALUES ($1, gen_random_uuid(), 'posts', 'csv', 'x')", n.client)
	var order api.Export
	if _, ok := w.next("export", &order); !ok || order.State != "queued" {
		t.Fatalf("export %+v", order)
	}
	later := n.post(account, "post", "Later", 2)
	again := n.watch(n.token, "Last-Event-ID", eventID)
	if _, ok := again.next("post", &post); !ok || post.ID != later {
		t.Errorf("resumed with %+v", post)
	}
}

// RFC 9110 §9.3.2: HEAD has no content, so nothing is opened for it.
func TestHeadOfAStreamIsItsHeadAlone(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Live")
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	for range 6 { // one more than a viewer may have open
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		n.must(err)
		t.Cleanup(func() { _ = conn.Close() })
		n.must(conn.SetDeadline(time.Now().Add(20 * time.Second)))
		_, err = fmt.Fprintf(conn, "HEAD %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\n\r\n", n.path("/status/stream"), n.token)
		n.must(err)
		answer, err := io.ReadAll(conn)
		n.must(err)
		head, body, _ := strings.Cut(string(answer), "\r\n\r\n")
		if !strings.HasPrefix(head, "HTTP/1.1 200 ") || !strings.Contains(head, "Content-Type: text/event-stream; charset=utf-8") || body != "" {
			t.Fatalf("answered %q", answer)
		}
	}
	var status api.GuildStatus
	if _, ok := n.watch(n.token).next("status", &status); !ok {
		t.Error("a stream cannot be opened afterwards")
	}
}

func TestLogoutEndsTheStream(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Live")
	w := n.watch(n.token)
	var status api.GuildStatus
	w.next("status", &status)
	n.exec("UPDATE dashboard_sessions SET revoked_at = now(), revoked_reason = 'logout' WHERE user_id = $1", n.owner)
	if _, ok := w.next("never", nil); ok || w.lines.Err() != nil {
		t.Errorf("the stream did not end well: %v", w.lines.Err())
	}
}

func TestStreamEndsForMembersOfAServerThatIsForManagers(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Live")
	member, owner := n.watch(n.member("reader")), n.watch(n.token)
	var status api.GuildStatus
	member.next("status", &status)
	owner.next("status", &status)
	n.exec("UPDATE guild_settings SET dashboard_access = 'managers' WHERE client_id = $1", n.client)
	if _, ok := member.next("never", nil); ok {
		t.Error("the member goes on watching")
	}
	account := n.account(n.group(n.brand("North"), "1"), "bluesky", "north")
	id := n.post(account, "post", "Fresh", 1)
	var post api.Post
	if _, ok := owner.next("post", &post); !ok || post.ID != id {
		t.Error("the owner's stream has ended too")
	}
}

func TestSixthStreamIsRefused(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Live")
	var status api.GuildStatus
	for range 5 {
		n.watch(n.token).next("status", &status)
	}
	w := n.watch(n.token)
	if w.res.StatusCode != http.StatusTooManyRequests || w.res.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", w.res.StatusCode, w.res.Header)
	}
}

func TestRevokedKeyEndsItsStreamAlone(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, newSignInWorld(t), "Live")
	gone, kept := n.key("gone"), n.key("kept")
	ending, staying := n.watch(gone.Key), n.watch(kept.Key)
	var status api.GuildStatus
	for _, w := range []*watcher{ending, staying} {
		if _, ok := w.next("status", &status); !ok {
			t.Fatalf("a key's stream does not begin: %d", w.res.StatusCode)
		}
	}
	late := time.AfterFunc(20*time.Second, func() { _ = ending.res.Body.Close() }) // long before anybody would look by himself
	defer late.Stop()
	revoke := call{method: http.MethodDelete, path: n.path("/api-keys/" + gone.ID.String()), token: n.token}
	if got := revoke.send(n).Code; got != http.StatusNoContent {
		t.Fatalf("revocation: %d", got)
	}
	if _, ok := ending.next("never", nil); ok || ending.lines.Err() != nil {
		t.Errorf("the stream did not end well: %v", ending.lines.Err())
	}
	account := n.account(n.group(n.brand("North"), "1"), "bluesky", "north")
	id := n.post(account, "post", "Fresh", 1)
	var post api.Post
	if _, ok := staying.next("post", &post); !ok || post.ID != id {
		t.Error("the other key's stream has ended too")
	}
	n.exec("UPDATE api_keys SET expires_at = now() WHERE id = $1", kept.ID)
	if _, ok := staying.next("never", nil); ok {
		t.Error("the stream outlives its key")
	}
}

// key makes a key that may read.
func (n *newsroom) key(name string) api.APIKeyCreated {
	n.t.Helper()
	answer := call{method: http.MethodPost, path: n.path("/api-keys"), token: n.token, body: `{"name":"` + name + `","scopes":["read"]}`}.send(n)
	if answer.Code != http.StatusCreated {
		n.t.Fatalf("make a key: %d %s", answer.Code, answer.Body)
	}
	var made api.APIKeyCreated
	n.must(json.Unmarshal(answer.Body.Bytes(), &made))
	return made
}

package httpapi_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/push"
	"trackbot/internal/sim"
	"trackbot/internal/source"
	"trackbot/internal/store"
)

// hubWorld is the API on a socket, a simulated YouTube with its hub, and a channel that is tracked.
type hubWorld struct {
	*signInWorld
	t       *testing.T
	upkeep  *push.Upkeep
	channel string // the simulator's key
	source  uuid.UUID
}

// realHubs asks the simulator's hub with the product's own client.
type realHubs struct{ *source.Registry }

func (h realHubs) Ask(ctx context.Context, r push.Request) error {
	return h.AskHub(ctx, source.HubRequest{
		Hub: r.Hub, Topic: r.Topic, Callback: r.Callback, Secret: r.Secret, Unsubscribe: r.Unsubscribe, Lease: r.Lease,
	})
}

func newHubWorld(t *testing.T) *hubWorld {
	t.Helper()
	w := &hubWorld{signInWorld: newSignInWorld(t), t: t, source: uuid.New()}
	platform, callbacks := httptest.NewServer(w.sim.Handler()), httptest.NewServer(w)
	t.Cleanup(platform.Close)
	t.Cleanup(callbacks.Close)
	var err error
	if w.channel, err = w.sim.AddYouTubeChannel(sim.SourceSpec{Name: "films", ID: "UCabcdefghijklmnopqrstuv"}); err != nil {
		t.Fatal(err)
	}
	sources := source.New(source.Config{
		AllowPrivate: true, Push: true, YouTubeFeedURL: platform.URL + "/youtube/feeds/videos.xml", YouTubeHubURL: platform.URL + "/youtube/hub",
	})
	t.Cleanup(sources.Close)
	w.upkeep = push.NewUpkeep(w.worker(), realHubs{sources}, callbacks.URL, slog.New(slog.DiscardHandler))
	w.do(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
		VALUES ($1, 'youtube', 'UCabcdefghijklmnopqrstuv', 'h', 'N', 'https://x.test', 1, now() + interval '1 hour')`, w.source)
	return w
}

// worker is a store that may write subscriptions.
func (w *hubWorld) worker() *store.Store { return w.admin }

func (w *hubWorld) do(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.admin.Shared().Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *hubWorld) text(sql string) (s string) {
	w.t.Helper()
	if err := w.admin.Shared().QueryRow(w.t.Context(), sql).Scan(&s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *hubWorld) round() {
	w.t.Helper()
	if err := w.upkeep.Round(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *hubWorld) await(what string, done func() bool) {
	w.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); {
		if time.Now().After(deadline) {
			w.t.Fatalf("in vain waited for %s", what)
		}
		<-time.After(5 * time.Millisecond)
	}
}

func (w *hubWorld) due() bool {
	return w.text("SELECT (next_poll_at <= now())::text FROM sources") == "true"
}

// The whole way: the worker asks the hub, the hub asks the API, a video is published, the API makes the channel due.
func TestAChannelIsSubscribedAndItsPushMakesItDue(t *testing.T) {
	t.Parallel()
	w := newHubWorld(t)
	w.round()
	w.await("the subscription", func() bool { return len(w.sim.HubSubscriptions()) == 1 })
	if w.text("SELECT state FROM websub_subscriptions") != "active" || w.due() {
		t.Fatal("the subscription is not active, or the channel due before its time")
	}
	if _, err := w.sim.Publish(w.channel, sim.PostSpec{Title: "New"}); err != nil {
		t.Fatal(err)
	}
	w.await("the channel to be due", w.due)
	w.do("UPDATE sources SET next_poll_at = NULL")
	w.round()
	w.await("the end", func() bool { return len(w.sim.HubSubscriptions()) == 0 })
}

func TestHubsAreAnsweredByTheBook(t *testing.T) {
	t.Parallel()
	w := newHubWorld(t)
	w.sim.ConfigureHub(sim.HubConfig{Silent: true})
	w.round()
	path := "/api/v1/webhooks/websub/" + w.text("SELECT token FROM websub_subscriptions")
	topic := w.text("SELECT topic_url FROM websub_subscriptions")
	ask := func(path, mode, topic, challenge, lease string) *httptest.ResponseRecorder {
		q := url.Values{"hub.mode": {mode}, "hub.topic": {topic}, "extra": {"ignored"}}
		if challenge != "" {
			q.Set("hub.challenge", challenge)
		}
		if lease != "" {
			q.Set("hub.lease_seconds", lease)
		}
		return call{method: "GET", path: path + "?" + q.Encode(), token: "none"}.send(w)
	}
	for name, answer := range map[string]*httptest.ResponseRecorder{
		"another topic":     ask(path, "subscribe", topic+"x", "c", "60"),
		"another address":   ask(path[:len(path)-1]+"_", "subscribe", topic, "c", "60"),
		"an end not wanted": ask(path, "unsubscribe", topic, "c", ""),
		"a short token":     ask("/api/v1/webhooks/websub/short", "subscribe", topic, "c", ""),
	} {
		wantProblem(t, problemOf(t, answer), fault.NotFound)
		if answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d", name, answer.Code)
		}
	}
	for _, answer := range []*httptest.ResponseRecorder{ask(path, "subscribe", topic, "", "60"), ask(path, "publish", topic, "c", "60")} {
		wantProblem(t, problemOf(t, answer), fault.ValidationFailed)
	}
	const challenge = `<script>"4&2"</script>`
	for _, lease := range []string{"", "0", "-5", "432000", "999999999999"} {
		got := ask(path, "subscribe", topic, challenge, lease)
		if got.Code != 200 || got.Body.String() != challenge || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/plain") {
			t.Errorf("lease %q: %d %s %s", lease, got.Code, got.Header().Get("Content-Type"), got.Body)
		}
	}
	if got := ask(path, "denied", topic, "", ""); got.Code != 200 || got.Body.Len() != 0 || w.text("SELECT state FROM websub_subscriptions") != "denied" {
		t.Errorf("denial: %d %s", got.Code, got.Body)
	}
}

// Whoever pushes learns nothing from the answer, as long as the address is right.
func TestPushesAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	w := newHubWorld(t)
	w.round()
	w.await("the subscription", func() bool { return len(w.sim.HubSubscriptions()) == 1 })
	sub := w.sim.HubSubscriptions()[0]
	at, err := url.Parse(sub.Callback)
	if err != nil {
		t.Fatal(err)
	}
	send := func(path, signature, body string) *httptest.ResponseRecorder {
		c := call{method: "POST", path: path, token: "none", body: body, contentType: "application/atom+xml", header: map[string]string{}}
		if signature != "" {
			c.header["X-Hub-Signature"] = signature
		}
		return c.send(w)
	}
	for _, signature := range []string{"", "sha1=00", "sha256=zz", sim.Signature("sha1", sub.Secret, []byte("x"))} {
		if got := send(at.Path, signature, "x"); got.Code != http.StatusAccepted || got.Body.Len() != 0 || w.due() {
			t.Errorf("%q: %d %s, due %t", signature, got.Code, got.Body, w.due())
		}
	}
	if got := send(at.Path, sim.Signature("sha256", sub.Secret, []byte("x")), "x"); got.Code != http.StatusAccepted || !w.due() {
		t.Errorf("a genuine push: %d, due %t", got.Code, w.due())
	}
	if got := send(at.Path[:len(at.Path)-1]+"_", "", "x"); got.Code != http.StatusNotFound {
		t.Errorf("another address: %d", got.Code)
	}
	if got := send(at.Path, "", strings.Repeat("x", 1<<20+1)); got.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", got.Code)
	}
}

func TestPlatformsSayWhatTheyTell(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	answer := call{method: "GET", path: "/api/v1/platforms", token: "none"}.send(w)
	list := decode[api.PlatformList](t, answer)
	found := map[api.Platform]api.PlatformInfo{}
	for _, p := range list.Items {
		found[p.Platform] = p
		if p.Available == !p.Reason.IsNull() {
			t.Errorf("%s is available and says why not, or neither", p.Platform)
		}
		if p.Available && (len(p.Examples) == 0 || len(p.Kinds) == 0) {
			t.Errorf("%s is available and says not how", p.Platform)
		}
	}
	if len(found) != 8 || len(found[api.PlatformRss].Metrics) != 0 || len(found[api.PlatformBluesky].Metrics) != 3 || found[api.PlatformTwitch].Available {
		t.Errorf("platforms %+v", found)
	}
	if yt := found[api.PlatformYoutube]; yt.MinPollSeconds != 3600 || yt.Push || len(yt.Metrics) != 2 {
		t.Errorf("youtube %+v", yt)
	}
	again := call{method: "GET", path: "/api/v1/platforms", token: "none", header: map[string]string{"If-None-Match": answer.Header().Get("ETag")}}.send(w)
	if again.Code != http.StatusNotModified {
		t.Errorf("asked again: %d", again.Code)
	}
}

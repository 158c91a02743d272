package sim_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"trackbot/internal/sim"
)

// subscriber is a callback that confirms what it is asked and keeps what it is sent.
type subscriber struct {
	url    string
	asked  chan url.Values
	pushed chan *http.Request
}

func newSubscriber(t *testing.T) *subscriber {
	t.Helper()
	s := &subscriber{asked: make(chan url.Values, 10), pushed: make(chan *http.Request, 10)}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			s.pushed <- r
			w.WriteHeader(202)
			return
		}
		s.asked <- r.URL.Query()
		_, _ = w.Write([]byte(r.URL.Query().Get("hub.challenge")))
	}))
	t.Cleanup(srv.Close)
	s.url = srv.URL
	return s
}

func soon[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(time.Minute):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func (w *world) subscribe(s *subscriber, mode, channel string) int {
	w.t.Helper()
	form := url.Values{
		"hub.mode": {mode}, "hub.topic": {w.base + "/youtube/feeds/videos.xml?channel_id=" + channel},
		"hub.callback": {s.url}, "hub.secret": {"s3cret"}, "hub.lease_seconds": {"3600"},
	}
	res, err := w.client.Post(w.base+"/youtube/hub", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
		<-time.After(2 * time.Millisecond)
	}
}

func TestHubVerifiesPushesAndUnsubscribes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := must(w.AddYouTubeChannel(sim.SourceSpec{Name: "ada"}))
	channel, s := w.Sources()[0].ID, newSubscriber(t)
	if got := w.subscribe(s, "subscribe", channel); got != 202 {
		t.Fatalf("request answered %d", got)
	}
	if q := soon(t, s.asked); q.Get("hub.lease_seconds") != "3600" || !strings.HasSuffix(q.Get("hub.topic"), channel) {
		t.Errorf("verification %v", q)
	}
	eventually(t, "no subscription", func() bool { return len(w.HubSubscriptions()) == 1 })
	id := must(w.Publish(key, sim.PostSpec{Title: "New"}))
	if r := soon(t, s.pushed); !strings.HasPrefix(r.Header.Get("X-Hub-Signature"), "sha256=") || id == "" {
		t.Errorf("push headers %v", r.Header)
	}
	w.ConfigureHub(sim.HubConfig{Mute: true})
	must(w.Publish(key, sim.PostSpec{Title: "Unheard"}))
	w.ConfigureHub(sim.HubConfig{})
	w.subscribe(s, "unsubscribe", channel)
	eventually(t, "still subscribed", func() bool { return len(w.HubSubscriptions()) == 0 })
	if len(s.pushed) != 0 {
		t.Error("a mute hub pushed")
	}
}

func TestHubFailsAsItIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w.AddYouTubeChannel(sim.SourceSpec{Name: "ada"}))
	channel, s := w.Sources()[0].ID, newSubscriber(t)
	w.ConfigureHub(sim.HubConfig{Refuse: true})
	if got := w.subscribe(s, "subscribe", channel); got != 400 {
		t.Errorf("a refusal is %d", got)
	}
	w.ConfigureHub(sim.HubConfig{Silent: true})
	if got := w.subscribe(s, "subscribe", channel); got != 202 || len(s.asked) != 0 {
		t.Errorf("silence is %d", got)
	}
	w.ConfigureHub(sim.HubConfig{Deny: true})
	w.subscribe(s, "subscribe", channel)
	if q := soon(t, s.asked); q.Get("hub.mode") != "denied" {
		t.Errorf("a denial is %v", q)
	}
	if got := w.subscribe(s, "begin", channel); got != 400 {
		t.Errorf("an unknown mode is %d", got)
	}
}

func TestDataAPICountsItsQuota(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sim.Config) { c.Limits.YouTubeUnits = 4 })
	key := must(w.AddYouTubeChannel(sim.SourceSpec{Name: "ada", Followers: 9}))
	id := must(w.Publish(key, sim.PostSpec{Title: "Live now", Kind: "live"}))
	channel, auth := w.Sources()[0].ID, map[string]string{"X-Goog-Api-Key": "sim-youtube-key"}
	if r := w.get("/youtube/api/v3/channels?forHandle=@ada", auth).want(200, 0); r.list("items")[0].str("id") != channel {
		t.Errorf("channel %s", r.raw)
	}
	if r := w.get("/youtube/api/v3/playlistItems?playlistId=UU"+channel[2:], auth).want(200, 0); r.list("items")[0].str("contentDetails", "videoId") != id {
		t.Errorf("uploads %s", r.raw)
	}
	if r := w.get("/youtube/api/v3/videos?id="+id, auth).want(200, 0); r.list("items")[0].str("snippet", "liveBroadcastContent") != "live" {
		t.Errorf("video %s", r.raw)
	}
	w.get("/youtube/api/v3/playlistItems?playlistId=UUnone", auth).want(404, 0)
	if r := w.get("/youtube/api/v3/channels?id="+channel, auth); r.status != 403 || !strings.Contains(string(r.raw), "quotaExceeded") {
		t.Errorf("past the quota: %d %s", r.status, r.raw)
	}
	if got := w.YouTubeQuota(); got.Used != 4 {
		t.Errorf("quota %+v", got)
	}
	w.clock.advance(24 * time.Hour)
	w.get("/youtube/api/v3/channels?id="+channel, auth).want(200, 0)
	if r := w.get("/youtube/api/v3/channels?id="+channel+"&key=wrong", nil); r.status != 400 || !strings.Contains(string(r.raw), "keyInvalid") {
		t.Errorf("wrong key: %d %s", r.status, r.raw)
	}
}

func TestHelixWantsATokenThatCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := must(w.AddTwitchChannel(sim.SourceSpec{Name: "ada", ID: "42", Title: "Ada"}))
	token := func(secret string, status int) string {
		t.Helper()
		form := url.Values{"client_id": {"sim-twitch-client"}, "client_secret": {secret}, "grant_type": {"client_credentials"}}
		res := must(w.client.PostForm(w.base+"/twitch/oauth2/token", form))
		defer func() { _ = res.Body.Close() }()
		var grant struct {
			Token string `json:"access_token"`
		}
		if err := json.NewDecoder(res.Body).Decode(&grant); err != nil || res.StatusCode != status {
			t.Fatalf("token answered %d, %v", res.StatusCode, err)
		}
		return grant.Token
	}
	token("wrong", 403)
	auth := map[string]string{"Client-Id": "sim-twitch-client", "Authorization": "Bearer " + token("sim-twitch-secret", 200)}
	if r := w.get("/twitch/helix/users?login=ada", auth).want(200, 0); r.list("data")[0].str("id") != "42" {
		t.Errorf("user %s", r.raw)
	}
	if r := w.get("/twitch/helix/streams?user_id=42", auth).want(200, 0); len(r.list("data")) != 0 {
		t.Errorf("on air: %s", r.raw)
	}
	id := must(w.StartStream(sim.StreamSpec{Source: key, Viewers: 7}))
	if r := w.get("/twitch/helix/streams?user_id=42", auth).want(200, 0); r.list("data")[0].str("id") != id {
		t.Errorf("stream %s", r.raw)
	}
	video := must(w.Publish(key, sim.PostSpec{Title: "Highlights"}))
	if r := w.get("/twitch/helix/videos?user_id=42", auth).want(200, 0); r.list("data")[0].str("id") != video {
		t.Errorf("videos %s", r.raw)
	}
	w.get("/twitch/helix/videos?id=1", auth).want(404, 0)
	w.ExpireTwitchTokens()
	w.get("/twitch/helix/users?login=ada", auth).want(401, 0)
}

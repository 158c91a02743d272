package sim_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"trackbot/internal/sim"
)

// try sends a message and reports the transport's error.
func (w *world) try(timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	req := must(http.NewRequestWithContext(ctx, "POST", w.base+"/api/v10/channels/"+w.channel+"/messages", strings.NewReader(`{"content":"x"}`)))
	req.Header.Set("User-Agent", "DiscordBot (x, 1)")
	req.Header.Set("Authorization", "Bot "+w.BotToken())
	req.Header.Set("Content-Type", "application/json")
	res, err := w.client.Do(req)
	if err == nil {
		_ = res.Body.Close()
	}
	return err
}

func TestFaultsSpoilWhatTheyMatchAsOftenAsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	w.AddFault(sim.Fault{
		Method: "POST", Path: "/api/v10/channels/*/messages", After: 1, Times: 2, Status: 503,
		Body: `{"message":"upstream"}`, Headers: map[string]string{"Retry-After": "7"},
	})
	for _, want := range []int{200, 503, 503, 200} {
		if r := w.send(m{"content": "x"}).want(want, 0); want == 503 && (r.header.Get("Retry-After") != "7" || r.str("message") != "upstream") {
			t.Errorf("fault answers %v %s", r.header, r.raw)
		}
	}
	if f := w.Faults(); len(f) != 1 || f[0].Hits != 2 {
		t.Errorf("faults are %+v", f)
	}
	w.rest("GET", "/channels/"+w.channel+"/messages", nil).want(200, 0)
	w.RemoveFault("")
	w.AddFault(sim.Fault{Path: "/feeds/**", HTML: true})
	if r := w.get("/feeds/a.xml", nil).want(502, 0); !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
		t.Errorf("HTML fault is %v", r.header)
	}
}

func TestDroppedAnswersAreAppliedOrNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	id := w.AddFault(sim.Fault{Path: "/api/**", Drop: true})
	if w.try(5*time.Second) == nil || len(w.Messages(w.channel)) != 0 {
		t.Error("drop applied the request")
	}
	w.RemoveFault(id)
	w.AddFault(sim.Fault{Path: "/api/**", DropAfter: true, Times: 1})
	if w.try(5*time.Second) == nil || len(w.Messages(w.channel)) != 1 {
		t.Error("dropAfter did not apply the request, or answered it")
	}
	if r := w.Requests("/api/v10/channels/**"); len(r) != 2 || r[0].Status != 0 || r[1].Status != 0 {
		t.Errorf("journal is %+v", r)
	}
}

func TestHangsAndDelaysEndWithTheSimulator(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	id := w.AddFault(sim.Fault{Path: "/api/**", Hang: true})
	if err := w.try(50 * time.Millisecond); err == nil {
		t.Error("a hanging request was answered")
	}
	w.RemoveFault(id)
	w.AddFault(sim.Fault{Path: "/api/**", Delay: time.Hour})
	done := make(chan error, 1)
	go func() { done <- w.try(30 * time.Second) }()
	w.until(func() bool { return w.Faults()[0].Hits > 0 })
	w.Close()
	if err := <-done; err != nil {
		t.Errorf("a delay that is cut short must still be answered: %v", err)
	}
}

func TestZerosUnpackToWhatWasAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AddFault(sim.Fault{Path: "/feeds/bomb.xml", GzipZeros: 20 << 20})
	res := must(w.client.Get(w.base + "/feeds/bomb.xml"))
	defer func() { _ = res.Body.Close() }()
	if n := must(io.Copy(io.Discard, res.Body)); n != 20<<20 {
		t.Errorf("unpacked %d bytes", n)
	}
}

func TestWebhookEventsAreSigned(t *testing.T) {
	t.Parallel()
	bodies := make(chan string, 4)
	valid := make(chan bool, 4)
	var key ed25519.PublicKey
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := must(io.ReadAll(r.Body))
		sig := must(hex.DecodeString(r.Header.Get("X-Signature-Ed25519")))
		valid <- ed25519.Verify(key, append([]byte(r.Header.Get("X-Signature-Timestamp")), body...), sig)
		bodies <- string(body)
		w.WriteHeader(204)
	}))
	defer srv.Close()
	defer http.DefaultClient.CloseIdleConnections()
	w := newWorld(t, func(c *sim.Config) { c.WebhookEventsURL = srv.URL })
	key = must(hex.DecodeString(w.PublicKey()))
	if status := must(w.SendWebhookEvent(t.Context(), srv.URL, "", nil, false)); status != 204 || !<-valid || !strings.Contains(<-bodies, `"type":0`) {
		t.Error("PING is wrong")
	}
	must(w.SendWebhookEvent(t.Context(), srv.URL, "", nil, true))
	if <-bodies; <-valid {
		t.Error("a forged signature verifies")
	}
	token := w.exchange(w.code(w.member), nil).str("access_token")
	must0(t, w.Deauthorize(t.Context(), w.member))
	if body := <-bodies; !<-valid || !strings.Contains(body, "APPLICATION_DEAUTHORIZED") || !strings.Contains(body, w.member) {
		t.Errorf("deauthorization sends %s", body)
	}
	w.as(token, "/users/@me").want(401, 0)
}

package httpapi_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/account"
	"trackbot/internal/discord"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
)

const webhookPath = "/api/v1/webhooks/discord"

// webhookWorld is the sign-in world with a second replica, which Discord's webhooks reach over a socket.
type webhookWorld struct {
	*signInWorld
	hooks http.Handler
	url   string
	log   bytes.Buffer
	key   ed25519.PrivateKey // of a second application, which a test signs for itself
}

func newWebhookWorld(t *testing.T) *webhookWorld {
	t.Helper()
	w := &webhookWorld{signInWorld: newSignInWorld(t)}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	w.key = private
	of, err := discord.ParsePublicKey(w.sim.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := account.New(w.api, nil, account.Config{
		Keys: account.NewKeyRing(bytes.Repeat([]byte("k1"), 40), 0), EncryptionKey: bytes.Repeat([]byte("e"), 32), DashboardURL: origin,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(accounts.Close)
	deps := ready()
	deps.Log = slog.New(slog.NewJSONHandler(&w.log, nil))
	deps.Accounts, deps.Auth, deps.Guilds = accounts, w.gate, w.gate
	deps.SignedByDiscord = func(h http.Header, body []byte) bool {
		return discord.VerifySignature(of, h, body) || discord.VerifySignature(public, h, body)
	}
	if w.hooks, err = httpapi.New(deps); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.hooks)
	t.Cleanup(server.Close)
	w.url = server.URL + webhookPath
	w.sim.Reconfigure(nil, &w.url)
	return w
}

// sign sends a body as signed at a time.
func (w *webhookWorld) sign(body string, at time.Time) *httptest.ResponseRecorder {
	stamp := fmt.Sprint(at.Unix())
	signature := ed25519.Sign(w.key, append([]byte(stamp), body...))
	return call{method: "POST", path: webhookPath, token: "none", body: body, header: map[string]string{
		"X-Signature-Timestamp": stamp, "X-Signature-Ed25519": hex.EncodeToString(signature),
	}}.send(w.hooks)
}

func TestDeauthorizationAtDiscordEndsTheSessions(t *testing.T) {
	t.Parallel()
	w := newWebhookWorld(t)
	user := w.addUser(t, "ann")
	pair := w.signIn(t, user)
	began := time.Now()
	if err := w.sim.Deauthorize(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("answered after %s", took)
	}
	answer := w.post("/auth/refresh", `{"refreshToken":"`+pair.RefreshToken+`"}`)
	wantProblem(t, problemOf(t, answer), fault.SessionRevoked)
	if !strings.Contains(w.log.String(), `"status":204`) {
		t.Errorf("log %s", w.log.String())
	}
}

func TestWebhooksOfDiscordAreAnswered(t *testing.T) {
	t.Parallel()
	w := newWebhookWorld(t)
	for eventType, want := range map[string]int{"": http.StatusNoContent, "ENTITLEMENT_CREATE": http.StatusNoContent} {
		if got, err := w.sim.SendWebhookEvent(t.Context(), w.url, eventType, map[string]any{}, false); err != nil || got != want {
			t.Errorf("%q: got %d, %v", eventType, got, err)
		}
		if got, err := w.sim.SendWebhookEvent(t.Context(), w.url, eventType, map[string]any{}, true); err != nil || got != http.StatusUnauthorized {
			t.Errorf("forged %q: got %d, %v", eventType, got, err)
		}
	}
	if pong := decode[api.DiscordPong](t, w.sign(`{"type":1}`, time.Now())); pong.Type != 1 {
		t.Errorf("pong %+v", pong)
	}
	if answer := w.sign(`{"type":`, time.Now()); answer.Code != http.StatusBadRequest {
		t.Errorf("signed nonsense: %d", answer.Code)
	}
}

func TestWebhooksAreNotTakenTwiceLater(t *testing.T) {
	t.Parallel()
	w := newWebhookWorld(t)
	for name, at := range map[string]time.Time{"old": time.Now().Add(-6 * time.Minute), "ahead": time.Now().Add(6 * time.Minute)} {
		answer := w.sign(`{"type":0}`, at)
		wantProblem(t, problemOf(t, answer), fault.Unauthenticated)
		if answer.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, answer.Code)
		}
	}
	unsigned := call{method: "POST", path: webhookPath, token: "none", body: `{"type":0}`}.send(w.hooks)
	wantProblem(t, problemOf(t, unsigned), fault.Unauthenticated)
}

func TestEventTimesAreReadAsDiscordWritesThem(t *testing.T) {
	t.Parallel()
	w := newWebhookWorld(t)
	user := w.addUser(t, "ann")
	event := `{"type":1,"event":{"type":"APPLICATION_DEAUTHORIZED","timestamp":"%s","data":{"user":{"id":"` + user + `"}}}}`
	before, now := time.Now().Add(-time.Minute).UTC(), time.Now().UTC().Add(time.Second)
	for _, tc := range []struct {
		stamp string
		ends  bool
	}{
		{before.Format("2006-01-02T15:04:05.000000"), false},
		{before.Format(time.RFC3339Nano), false},
		{now.Format("2006-01-02T15:04:05.000000"), true},
		{now.Add(time.Hour).Format(time.RFC3339), true},
		{"", true},
		{now.Add(-9 * time.Minute).Format(time.RFC3339), false}, // handed over late
		{now.Add(-time.Hour).Format(time.RFC3339), true},        // longer ago than Discord tries
	} {
		pair := w.signIn(t, user)
		if answer := w.sign(fmt.Sprintf(event, tc.stamp), time.Now()); answer.Code != http.StatusNoContent {
			t.Fatalf("%q: %d %s", tc.stamp, answer.Code, answer.Body)
		}
		if got := w.post("/auth/refresh", `{"refreshToken":"`+pair.RefreshToken+`"}`).Code == http.StatusUnauthorized; got != tc.ends {
			t.Errorf("%q: session ended: %t", tc.stamp, got)
		}
	}
}

func TestWebhookWithoutAKeyIsNotBuilt(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	answer := call{method: "POST", path: webhookPath, token: "none", body: `{"type":0}`}.send(w)
	wantProblem(t, problemOf(t, answer), fault.NotImplemented)
}

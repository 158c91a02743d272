package app

import (
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/internal/config"
	"trackbot/internal/discord"
	"trackbot/internal/sim"
)

// A storm of sign-ins meets the limit of Discord's token endpoint.
func TestASignInOutlastsAShortLimitAndItsRefusalsAreCountedWithTheBots(t *testing.T) {
	t.Parallel()
	const callback, verifier = "https://api.test/callback", "a-verifier-of-at-least-forty-three-characters"
	s := sim.New(sim.Config{RedirectURIs: []string{callback}})
	t.Cleanup(s.Close)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	person, err := s.AddUser(sim.UserSpec{Username: "mara"})
	if err != nil {
		t.Fatal(err)
	}
	reg := prometheus.NewPedanticRegistry()
	e := env{log: slog.New(slog.DiscardHandler), metrics: reg, refusals: discord.NewRefusals(0), cfg: config.Config{
		DiscordAPIURL: server.URL + "/api/v10", DiscordAuthorizeURL: server.URL + "/oauth2/authorize", OAuthCallback: callback,
		OAuthClientID: s.ClientID(), OAuthClientSecret: config.Secret(s.ClientSecret()), DiscordBotToken: "wrong",
	}}
	members, signIn := newMembers(e), newSignIn(e)
	sum := sha256.Sum256([]byte(verifier))
	page, err := url.Parse(signIn.AuthorizeURL("state", base64.RawURLEncoding.EncodeToString(sum[:])))
	if err != nil {
		t.Fatal(err)
	}
	back, err := s.Authorize(person.ID, "", page.Query())
	if err != nil {
		t.Fatal(err)
	}
	returned, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	s.AddFault(sim.Fault{
		Path: "/api/v10/oauth2/token", Status: 429, Times: 1, Headers: map[string]string{"Retry-After": "1", "X-RateLimit-Scope": "user"},
		Body: `{"message":"You are being rate limited.","retry_after":0.05,"global":false}`,
	})
	grant, err := signIn.ExchangeCode(t.Context(), returned.Query().Get("code"), verifier)
	if err != nil || grant.AccessToken == "" {
		t.Fatalf("sent back with %v", err)
	}
	if _, err := members.Rights(t.Context(), "100000000000000001", person.ID); err == nil {
		t.Error("a wrong token of the bot is taken")
	}
	refused, err := testutil.GatherAndCount(reg, "trackbot_discord_requests_total")
	if err != nil || refused < 3 { // the token endpoint's 429 and 200, the bot's 401
		t.Errorf("%d series of requests, %v", refused, err)
	}
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if got := f.GetMetric()[0].GetGauge().GetValue(); f.GetName() == "trackbot_discord_invalid_requests" && got != 2 {
			t.Errorf("%v refusals are counted, want the sign-in's and the bot's", got)
		}
	}
}

package discord_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/internal/discord"
)

const aToken = `{"access_token":"a","token_type":"Bearer","expires_in":604800,"refresh_token":"r","scope":"identify guilds"}`

// wait is a 429 of the token endpoint.
func wait(seconds string) func() *http.Response {
	return give(429, `{"message":"You are being rate limited.","retry_after":`+seconds+`,"global":false}`, "Retry-After", "1", "X-RateLimit-Scope", "user")
}

func TestAShortLimitIsWaitedForOnceWhereThereIsPatience(t *testing.T) {
	t.Parallel()
	const patience = 2 * time.Second
	for name, tc := range map[string]struct {
		patience, deadline time.Duration
		answers            []func() *http.Response
		sent               int
		took               time.Duration
		fails              bool
	}{
		"short":                {patience, time.Minute, []func() *http.Response{wait("1.5"), give(200, aToken)}, 2, 1500 * time.Millisecond, false},
		"as long as allowed":   {patience, time.Minute, []func() *http.Response{wait("2"), give(200, aToken)}, 2, 2 * time.Second, false},
		"longer":               {patience, time.Minute, []func() *http.Response{wait("2.1"), give(200, aToken)}, 1, 0, true},
		"twice":                {patience, time.Minute, []func() *http.Response{wait("1"), wait("1"), give(200, aToken)}, 2, time.Second, true},
		"past the request":     {patience, time.Second, []func() *http.Response{wait("1.5"), give(200, aToken)}, 1, 0, true},
		"without any patience": {0, time.Minute, []func() *http.Response{wait("0.1"), give(200, aToken)}, 1, 0, true},
		"another refusal":      {patience, time.Minute, []func() *http.Response{give(503, ``, "Retry-After", "1"), give(200, aToken)}, 1, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limits(t, discord.Config{Patience: tc.patience, MaxWait: tc.patience}, tc.answers, func(c *discord.Client, s *scripted) {
				ctx, cancel := context.WithTimeout(context.Background(), tc.deadline)
				defer cancel()
				began := time.Now()
				_, err := c.ExchangeCode(ctx, "the-code", "the-verifier", "https://api.test/callback")
				if (err != nil) != tc.fails || s.count() != tc.sent {
					t.Errorf("%v after %d requests, want %d", err, s.count(), tc.sent)
				}
				within(t, "answered", time.Since(began), tc.took, tc.took)
			})
		})
	}
}

func TestTheWaitEndsWithTheCaller(t *testing.T) {
	t.Parallel()
	limits(t, discord.Config{Patience: 2 * time.Second}, []func() *http.Response{wait("2"), give(200, aToken)}, func(c *discord.Client, s *scripted) {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Second, cancel)
		if _, err := c.ExchangeCode(ctx, "the-code", "", "https://api.test/callback"); err == nil || s.count() != 1 {
			t.Errorf("%v after %d requests", err, s.count())
		}
	})
}

// Discord bans an address, whosever token it refuses there.
func TestClientsOfOneAddressCountTheirRefusalsTogether(t *testing.T) {
	t.Parallel()
	reg, shared := prometheus.NewPedanticRegistry(), discord.NewRefusals(3)
	refusing := discord.Config{Registerer: reg, Refusals: shared, Transport: answers(401, `{"message":"401: Unauthorized"}`)}
	bot, people := discord.New(refusing), discord.New(refusing)
	_, _ = bot.GatewayBot(t.Context())
	_, _ = people.Me(t.Context(), "access")
	_, _ = people.ExchangeCode(t.Context(), "code", "", "https://api.test/callback")
	want := `
# HELP trackbot_discord_invalid_requests Refused requests of the last ten minutes that count towards Discord's ban of the address.
# TYPE trackbot_discord_invalid_requests gauge
trackbot_discord_invalid_requests 3
# HELP trackbot_discord_invalid_requests_limit Refused requests in ten minutes at which nothing more is sent; Discord bans at 10,000.
# TYPE trackbot_discord_invalid_requests_limit gauge
trackbot_discord_invalid_requests_limit 3
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "trackbot_discord_invalid_requests", "trackbot_discord_invalid_requests_limit"); err != nil {
		t.Error(err)
	}
	if _, err := people.Me(t.Context(), "another"); !discord.NotSent(err) {
		t.Errorf("at the limit something is sent: %v", err)
	}
}

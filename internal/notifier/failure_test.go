package notifier_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/internal/notifier"
	"trackbot/internal/sim"
)

// spoil makes the next message requests fail.
func (s *stage) spoil(f sim.Fault) {
	f.Method, f.Path = "POST", anyMessages
	s.sim.AddFault(f)
}

func refusal(code int) string { return fmt.Sprintf(`{"code": %d, "message": "refused"}`, code) }

// Whatever becomes of the first post's first try, it stands in the channel once and before the second.
func TestAFailedTryIsRepeatedOnceAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		fault    sim.Fault
		attempts int
		found    bool
	}{
		{"no answer, nothing done", sim.Fault{Times: 1, Drop: true}, 1, false},
		{"answer lost after it was done", sim.Fault{Times: 1, DropAfter: true}, 1, true},
		{"500", sim.Fault{Times: 1, Status: 500}, 1, false},
		{"502 as a web page", sim.Fault{Times: 1, Status: 502, HTML: true}, 1, false},
		{"403 from a proxy", sim.Fault{Times: 1, Status: 403, HTML: true}, 1, false},
		{"429", sim.Fault{
			Times: 1, Status: 429, Body: `{"message": "You are being rate limited.", "retry_after": 600, "global": false}`,
			Headers: map[string]string{"Retry-After": "600", "X-RateLimit-Scope": "shared", "Content-Type": "application/json"},
		}, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, fast())
			s.spoil(tt.fault)
			posts := s.client.Posts(t, 2)
			stop := s.start(t, s.connect(), notifier.Config{})
			s.awaitState(t, "retry", 1)
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			if n := s.Count(t, `SELECT attempts FROM deliveries WHERE state = 'retry' AND retry_at > now()`); n != tt.attempts {
				t.Errorf("%d tries counted, want %d", n, tt.attempts)
			}
			s.age(t)
			s.start(t, s.connect(), notifier.Config{}) // whose client knows no limits yet
			s.awaitState(t, "sent", 2)
			if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts)) {
				t.Errorf("channel shows %v", got)
			}
			if found := s.Count(t, `SELECT count(*) FROM deliveries WHERE trail->-1->>'event' = 'found'`) == 1; found != tt.found {
				t.Errorf("found in the channel: %v, want %v", found, tt.found)
			}
		})
	}
}

func TestAChannelThatRefusesIsPausedAndReported(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, reason string
		spoil        func(*sim.Sim, string) error
	}{
		{"deleted", "unknown_channel", func(s *sim.Sim, channel string) error { return s.DeleteChannel(channel) }},
		{"hidden", "missing_access", func(s *sim.Sim, channel string) error { return s.RemovePermission(channel, sim.PermViewChannel) }},
		{"forbidden", "missing_permissions", func(s *sim.Sim, channel string) error { return s.RemovePermission(channel, sim.PermSendMessages) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, fast())
			if err := tt.spoil(s.sim, s.client.Channel); err != nil {
				t.Fatal(err)
			}
			s.client.Posts(t, 3)
			s.start(t, s.connect(), notifier.Config{})
			s.awaitState(t, "sent", 1)
			if got := s.titles(s.client.SystemChannel); len(got) != 1 || !strings.Contains(got[0], "paused") {
				t.Errorf("the system channel shows %v", got)
			}
			var reason string
			s.Scan(t, `SELECT paused_reason FROM guild_channels WHERE id = $1`, []any{s.client.Channel}, &reason)
			if reason != tt.reason {
				t.Errorf("paused for %q, want %q", reason, tt.reason)
			}
			if n := s.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'post' AND state IN ('pending', 'retry') AND attempts = 0`); n != 3 {
				t.Errorf("%d posts kept, want 3", n)
			}
		})
	}
}

func TestARefusedCardIsSentAsTextOnceThenGivenUp(t *testing.T) {
	t.Parallel()
	for times, want := range map[int]string{1: "text", 2: "dead"} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, fast())
			s.spoil(sim.Fault{Times: times, Status: 400, Body: refusal(50035)})
			posts := s.client.Posts(t, 2)
			s.start(t, s.connect(), notifier.Config{})
			await(t, "the end of both", func() bool {
				return s.Count(t, `SELECT count(*) FROM deliveries WHERE state IN ('sent', 'dead')`) == 2
			})
			messages := s.sim.Messages(s.client.Channel)
			if want == "dead" {
				if len(messages) != 1 || messages[0].Embeds[0].Title != posts[1].Title {
					t.Errorf("channel shows %v, want the second post alone", s.titles(s.client.Channel))
				}
				return
			}
			if len(messages) != 2 || len(messages[0].Embeds) != 0 || !strings.Contains(messages[0].Content, posts[0].Title) || !strings.Contains(messages[0].Content, "https://example.org/") {
				t.Errorf("channel shows %v, want the first as text", s.titles(s.client.Channel))
			}
		})
	}
}

func TestAnyOtherRefusalEndsTheDeliveryAndTheLineGoesOn(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.spoil(sim.Fault{Times: 1, Status: 400, Body: refusal(200000)})
	posts := s.client.Posts(t, 2)
	s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "sent", 1)
	if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts[1:])) {
		t.Errorf("channel shows %v", got)
	}
	var reason, event, detail string
	s.Scan(t, `SELECT reason, trail->-1->>'event', trail->-1->>'detail' FROM deliveries WHERE state = 'dead'`, nil, &reason, &event, &detail)
	if reason != "discord_200000" || event != "refused" || !strings.Contains(detail, "200000") {
		t.Errorf("dead for %s, trail %s %q", reason, event, detail)
	}
}

// Eight tries fail, the ninth post of the line is not held for ever.
func TestAnUnavailableDiscordIsGivenUpAfterEightTries(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.spoil(sim.Fault{Times: 8, Status: 503})
	posts := s.client.Posts(t, 2)
	s.start(t, s.connect(), notifier.Config{})
	await(t, "the second post", func() bool {
		s.age(t)
		return s.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'sent'`) == 1
	})
	if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts[1:])) {
		t.Errorf("channel shows %v", got)
	}
	if n := s.Count(t, `SELECT attempts FROM deliveries WHERE state = 'dead' AND reason = 'gave_up'`); n != 8 {
		t.Errorf("given up after %d tries", n)
	}
}

// While Discord cannot be asked what stands in the channel, nothing is sent again.
func TestNothingIsSentAgainBeforeTheChannelWasSearched(t *testing.T) {
	t.Parallel()
	s := newStage(t, fast())
	s.spoil(sim.Fault{Times: 1, DropAfter: true})
	s.sim.AddFault(sim.Fault{Method: "GET", Path: anyMessages, Times: 2, Status: 500})
	posts := s.client.Posts(t, 1)
	s.start(t, s.connect(), notifier.Config{})
	await(t, "the end", func() bool {
		s.age(t)
		return s.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'sent'`) == 1
	})
	if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts)) {
		t.Errorf("channel shows %v", got)
	}
}

// Where the bot may not read the history, the nonce alone prevents a second message.
func TestWithoutHistoryTheNoncePreventsASecondMessage(t *testing.T) {
	t.Parallel()
	cfg := fast()
	cfg.Limits.NonceWindow = time.Hour
	s := newStage(t, cfg)
	if err := s.sim.RemovePermission(s.client.Channel, sim.PermReadMessageHistory); err != nil {
		t.Fatal(err)
	}
	s.spoil(sim.Fault{Times: 1, DropAfter: true})
	posts := s.client.Posts(t, 1)
	s.start(t, s.connect(), notifier.Config{})
	s.awaitState(t, "retry", 1)
	s.age(t)
	s.awaitState(t, "sent", 1)
	if got := s.titles(s.client.Channel); !slices.Equal(got, titlesOf(posts)) {
		t.Errorf("channel shows %v", got)
	}
}

package discord_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"trackbot/internal/discord"
)

const (
	channelA = "100000000000000001"
	channelB = "100000000000000002"
	guildA   = "200000000000000001"
)

// scripted answers request after request, the last one for ever, and counts.
type scripted struct {
	mu      sync.Mutex
	answers []func() *http.Response
	sent    []time.Time
	paths   []string
}

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.answers[min(len(s.sent), len(s.answers)-1)]
	s.sent = append(s.sent, time.Now())
	s.paths = append(s.paths, r.URL.Path)
	return next(), nil
}

func (s *scripted) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sent)
}

func give(status int, body string, headers ...string) func() *http.Response {
	return func() *http.Response { return answer(status, body, headers...) }
}

func bucketHeaders(name string, limit, remaining int, resetAfter string) []string {
	return []string{
		"X-RateLimit-Bucket", name, "X-RateLimit-Limit", fmt.Sprint(limit),
		"X-RateLimit-Remaining", fmt.Sprint(remaining), "X-RateLimit-Reset-After", resetAfter,
	}
}

// limits runs a test of the REST client in fake time.
func limits(t *testing.T, cfg discord.Config, answers []func() *http.Response, test func(*discord.Client, *scripted)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &scripted{answers: answers}
		cfg.Transport = s
		test(discord.New(cfg), s)
	})
}

func post(t *testing.T, c *discord.Client, channel string) error {
	t.Helper()
	_, err := c.CreateMessage(context.Background(), channel, discord.MessageCreate{Content: "x"})
	return err
}

// limited checks that err is a rate limit and returns it.
func limited(t *testing.T, err error) *discord.RateLimitError {
	t.Helper()
	e, ok := errors.AsType[*discord.RateLimitError](err)
	if !ok {
		t.Fatalf("error %v, want a rate limit", err)
	}
	return e
}

func TestExhaustedBucketIsNotAskedUntilItResets(t *testing.T) {
	t.Parallel()
	limits(t, discord.Config{}, []func() *http.Response{
		give(200, `{"id":"1"}`, bucketHeaders("b", 2, 1, "4.5")...),
		give(200, `{"id":"2"}`, bucketHeaders("b", 2, 0, "4.25")...),
		give(200, `{"id":"3"}`, bucketHeaders("b", 2, 1, "4.5")...),
	}, func(c *discord.Client, s *scripted) {
		for range 2 {
			if err := post(t, c, channelA); err != nil {
				t.Fatal(err)
			}
		}
		err := post(t, c, channelA)
		e := limited(t, err)
		if !e.Local || e.Global || e.Scope != "user" || e.RetryAfter < 4*time.Second || e.RetryAfter > 4500*time.Millisecond {
			t.Errorf("got %+v", e)
		}
		if !discord.NotSent(err) || s.count() != 2 {
			t.Errorf("%d requests sent", s.count())
		}
		if d, ok := discord.RetryAfter(err); !ok || d != e.RetryAfter {
			t.Errorf("RetryAfter %s %v", d, ok)
		}
		// Another channel has a window of its own.
		if err := post(t, c, channelB); err != nil {
			t.Errorf("other channel: %v", err)
		}
		time.Sleep(e.RetryAfter)
		if err := post(t, c, channelA); err != nil {
			t.Errorf("after the reset: %v", err)
		}
	})
}

func TestRoutesThatShareABucketShareItsLimit(t *testing.T) {
	t.Parallel()
	limits(t, discord.Config{}, []func() *http.Response{
		give(200, `[]`, bucketHeaders("guild", 1, 0, "1")...),
		give(200, `[]`, bucketHeaders("guild", 1, 0, "10")...),
	}, func(c *discord.Client, s *scripted) {
		if _, err := c.GuildRoles(context.Background(), guildA); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if _, err := c.GuildChannels(context.Background(), guildA); err != nil {
			t.Fatal(err)
		}
		_, err := c.GuildRoles(context.Background(), guildA)
		if e := limited(t, err); !e.Local {
			t.Errorf("got %+v", e)
		}
		if s.count() != 2 {
			t.Errorf("%d sent", s.count())
		}
	})
}

func TestAbsoluteResetIsReadAgainstTheServersClock(t *testing.T) {
	t.Parallel()
	date := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC) // far from ours
	limits(t, discord.Config{}, []func() *http.Response{
		give(200, `{}`, "X-RateLimit-Limit", "1", "X-RateLimit-Remaining", "0", "Date", date.Format(http.TimeFormat),
			"X-RateLimit-Reset", fmt.Sprintf("%d.5", date.Unix()+7)),
	}, func(c *discord.Client, _ *scripted) {
		if err := post(t, c, channelA); err != nil {
			t.Fatal(err)
		}
		if e := limited(t, post(t, c, channelA)); e.RetryAfter != 7500*time.Millisecond {
			t.Errorf("wait %s", e.RetryAfter)
		}
	})
}

func TestBucketCountsWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		var sent int
		var mu sync.Mutex
		c := discord.New(discord.Config{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			sent++
			first := sent == 1
			mu.Unlock()
			if !first {
				<-gate
			}
			return answer(200, `{}`, bucketHeaders("b", 3, 2, "5")...), nil
		})})
		if err := post(t, c, channelA); err != nil {
			t.Fatal(err)
		}
		time.Sleep(5 * time.Second)
		var wg sync.WaitGroup
		var held int
		for range 10 {
			wg.Go(func() {
				if discord.NotSent(post(t, c, channelA)) {
					mu.Lock()
					held++
					mu.Unlock()
				}
			})
		}
		synctest.Wait()
		close(gate)
		wg.Wait()
		if sent != 4 || held != 7 {
			t.Errorf("%d sent, %d held back of a limit of 3", sent-1, held)
		}
	})
}

func Test429InAllItsForms(t *testing.T) {
	t.Parallel()
	user := append(bucketHeaders("b", 10, 0, "64.57"), "Retry-After", "65", "X-RateLimit-Scope", "user")
	shared := append(bucketHeaders("b", 10, 9, "64.57"), "Retry-After", "1337", "X-RateLimit-Scope", "shared")
	global := []string{"Retry-After", "65", "X-RateLimit-Global", "true", "X-RateLimit-Scope", "global"}
	const said = `{"message":"You are being rate limited.","retry_after":%s,"global":%t}`
	for _, c := range []struct {
		name    string
		body    string
		headers []string
		want    discord.RateLimitError
		other   bool // another channel is held back too
		counts  int
	}{
		{"user", fmt.Sprintf(said, "64.57", false), user, discord.RateLimitError{RetryAfter: 64570 * time.Millisecond, Scope: "user"}, false, 1},
		{"shared", fmt.Sprintf(said, "1336.57", false), shared, discord.RateLimitError{RetryAfter: 1336570 * time.Millisecond, Scope: "shared"}, false, 0},
		{"global", fmt.Sprintf(said, "64.57", true), global, discord.RateLimitError{RetryAfter: 64570 * time.Millisecond, Scope: "global", Global: true}, true, 1},
		{"global by its body alone", fmt.Sprintf(said, "3", true), nil, discord.RateLimitError{RetryAfter: 3 * time.Second, Scope: "global", Global: true}, true, 1},
		{"global by its header alone", ``, global, discord.RateLimitError{RetryAfter: 65 * time.Second, Scope: "global", Global: true}, true, 1},
		{"with a code", `{"message":"slowmode","retry_after":12,"code":20016}`, nil, discord.RateLimitError{RetryAfter: 12 * time.Second, Scope: "user", Code: discord.CodeSlowmode}, false, 1},
		{"headers without a body", ``, user, discord.RateLimitError{RetryAfter: 65 * time.Second, Scope: "user"}, false, 1},
		{"without a time", `{"message":"x"}`, []string{"X-RateLimit-Scope", "user"}, discord.RateLimitError{RetryAfter: time.Second, Scope: "user"}, false, 1},
		{"from the network in front", `<html>banned</html>`, []string{"Retry-After", "3600"}, discord.RateLimitError{RetryAfter: time.Hour, Scope: "address", Global: true}, true, 1},
		{"blocked as JSON", `{"message":"You are being blocked from accessing our API temporarily","code":0}`, nil, discord.RateLimitError{RetryAfter: time.Minute, Scope: "address", Global: true}, true, 1},
		{"absurdly long", `{"retry_after":1e300}`, nil, discord.RateLimitError{RetryAfter: 24 * time.Hour, Scope: "user"}, false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			answers := []func() *http.Response{give(429, c.body, c.headers...), give(200, `{}`)}
			limits(t, discord.Config{}, answers, func(client *discord.Client, s *scripted) {
				c.want.Route = "POST /channels/{channel}/messages"
				err := post(t, client, channelA)
				if got := limited(t, err); *got != c.want || discord.NotSent(err) {
					t.Errorf("got %+v, want %+v", *got, c.want)
				}
				if got := client.InvalidRequests(); got != c.counts {
					t.Errorf("counts %d times towards a ban", got)
				}
				time.Sleep(c.want.RetryAfter / 2)
				again := limited(t, post(t, client, channelA))
				if !again.Local || again.Scope != c.want.Scope || again.Global != c.want.Global || again.RetryAfter != c.want.RetryAfter/2 {
					t.Errorf("half-way: %+v", again)
				}
				if other := post(t, client, channelB); (other != nil) != c.other {
					t.Errorf("another channel: %v", other)
				}
				time.Sleep(c.want.RetryAfter / 2)
				if err := post(t, client, channelA); err != nil {
					t.Errorf("after the wait: %v", err)
				}
			})
		})
	}
}

func TestGlobalLimitOfTheBotSparesInteractionsAndUsers(t *testing.T) {
	t.Parallel()
	limits(t, discord.Config{}, []func() *http.Response{
		give(429, `{"retry_after":60,"global":true}`), give(200, `{}`),
	}, func(c *discord.Client, _ *scripted) {
		limited(t, post(t, c, channelA))
		reply := discord.InteractionResponse{Type: discord.CallbackPong}
		if err := c.RespondInteraction(context.Background(), channelB, "token", reply); err != nil {
			t.Errorf("interaction: %v", err)
		}
		if _, err := c.Me(context.Background(), "access"); err != nil {
			t.Errorf("user: %v", err)
		}
	})
}

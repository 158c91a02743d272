package discord_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/internal/discord"
)

// sent is a request as a server got it.
type sent struct {
	Method, Path, Query, Auth, Agent, Type, Body string
}

// server answers every request alike and keeps the last.
func server(t *testing.T, status int, body string) (*discord.Client, *sent) {
	t.Helper()
	got := &sent{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		*got = sent{
			r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Get("Authorization"),
			r.UserAgent(), r.Header.Get("Content-Type"), string(text),
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(srv.Close)
	c := discord.New(discord.Config{
		BaseURL: srv.URL + "/api/v10/", AuthorizeURL: "https://discord.test/oauth2/authorize",
		Token: "bot-token", ClientID: "300000000000000001", ClientSecret: "s:e/c",
		UserAgent: discord.UserAgent("https://trackbot.test", "1.2"), HTTPClient: &http.Client{Transport: &http.Transport{}},
	})
	t.Cleanup(c.Close)
	return c, got
}

func TestCallsSendWhatDiscordExpects(t *testing.T) {
	t.Parallel()
	const agent = "DiscordBot (https://trackbot.test, 1.2)"
	const app, user = "300000000000000001", "400000000000000001"
	for _, c := range []struct {
		name string
		call func(context.Context, *discord.Client) error
		body string
		want sent
	}{
		{"message", func(ctx context.Context, c *discord.Client) error {
			_, err := c.CreateMessage(ctx, channelA, discord.MessageCreate{Content: "@everyone", Nonce: "n1", EnforceNonce: true})
			return err
		}, `{}`, sent{
			Method: "POST", Path: "/channels/" + channelA + "/messages", Type: "application/json",
			Body: `{"content":"@everyone","allowed_mentions":{"parse":[]},"nonce":"n1","enforce_nonce":true}`,
		}},
		{"messages", func(ctx context.Context, c *discord.Client) error {
			_, err := c.ChannelMessages(ctx, channelA, discord.MessageQuery{Limit: 5, After: channelB})
			return err
		}, `[]`, sent{Method: "GET", Path: "/channels/" + channelA + "/messages", Query: "after=" + channelB + "&limit=5"}},
		{"gateway", func(ctx context.Context, c *discord.Client) error {
			_, err := c.GatewayBot(ctx)
			return err
		}, `{}`, sent{Method: "GET", Path: "/gateway/bot"}},
		{"application", func(ctx context.Context, c *discord.Client) error {
			_, err := c.CurrentApplication(ctx)
			return err
		}, `{}`, sent{Method: "GET", Path: "/applications/@me"}},
		{"leaving a guild", func(ctx context.Context, c *discord.Client) error {
			return c.LeaveGuild(ctx, guildA)
		}, ``, sent{Method: "DELETE", Path: "/users/@me/guilds/" + guildA}},
		{"list commands", func(ctx context.Context, c *discord.Client) error {
			_, err := c.GlobalCommands(ctx, app)
			return err
		}, `[]`, sent{Method: "GET", Path: "/applications/" + app + "/commands", Query: "with_localizations=true"}},
		{"commands", func(ctx context.Context, c *discord.Client) error {
			_, err := c.PutGlobalCommands(ctx, app, nil)
			return err
		}, `[]`, sent{Method: "PUT", Path: "/applications/" + app + "/commands", Type: "application/json", Body: `[]`}},
		{"entitlements", func(ctx context.Context, c *discord.Client) error {
			_, err := c.Entitlements(ctx, app, guildA)
			return err
		}, `[]`, sent{Method: "GET", Path: "/applications/" + app + "/entitlements", Query: "after=0&exclude_ended=true&guild_id=" + guildA + "&limit=100"}},
		{"member", func(ctx context.Context, c *discord.Client) error {
			_, err := c.GuildMember(ctx, guildA, user)
			return err
		}, `{}`, sent{Method: "GET", Path: "/guilds/" + guildA + "/members/" + user}},
		{"guild", func(ctx context.Context, c *discord.Client) error {
			_, err := c.Guild(ctx, guildA)
			return err
		}, `{}`, sent{Method: "GET", Path: "/guilds/" + guildA}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, got := server(t, 200, c.body)
			if err := c.call(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			want := c.want
			want.Path, want.Auth, want.Agent = "/api/v10"+want.Path, "Bot bot-token", agent
			if diff := cmp.Diff(want, *got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInteractionsAreAnsweredWithoutTheBotToken(t *testing.T) {
	t.Parallel()
	client, got := server(t, 204, "")
	err := client.RespondInteraction(t.Context(), channelA, "to/ken", discord.InteractionResponse{
		Type: discord.CallbackMessage, Message: discord.InteractionMessage{Content: "done", Flags: discord.FlagEphemeral},
	})
	want := sent{
		Method: "POST", Path: "/api/v10/interactions/" + channelA + "/to%2Fken/callback", Type: "application/json",
		Agent: got.Agent, Body: `{"type":4,"data":{"content":"done","allowed_mentions":{"parse":[]},"flags":64}}`,
	}
	if err != nil || *got != want {
		t.Errorf("%v, sent %+v", err, *got)
	}
	client, got = server(t, 200, `{"id":"5"}`)
	m, err := client.EditInteractionResponse(t.Context(), channelB, "to/ken", discord.InteractionMessage{Content: "later"})
	want.Method, want.Path = "PATCH", "/api/v10/webhooks/"+channelB+"/to%2Fken/messages/@original"
	want.Body = `{"content":"later","embeds":[],"allowed_mentions":{"parse":[]},"components":[]}`
	if err != nil || m.ID != "5" || *got != want {
		t.Errorf("%v, sent %+v", err, *got)
	}
}

func TestIdsThatWouldChangeThePathAreRefused(t *testing.T) {
	t.Parallel()
	client, got := server(t, 200, `{}`)
	for _, id := range []string{"", "..", "1/2", "1?x", "abc", "-1", "123456789012345678901"} {
		if _, err := client.CreateMessage(t.Context(), id, discord.MessageCreate{Content: "x"}); !discord.NotSent(err) {
			t.Errorf("%q: %v", id, err)
		}
		if _, err := client.GuildMember(t.Context(), guildA, id); err == nil {
			t.Errorf("%q was sent", id)
		}
	}
	if got.Method != "" {
		t.Errorf("sent %+v", *got)
	}
}

func TestInvalidFormBodyNamesEachField(t *testing.T) {
	t.Parallel()
	client, _ := server(t, 400, `{"code":50035,"message":"Invalid Form Body","errors":{
		"embeds":{"0":{"description":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 4096 or fewer in length."}]},
		               "url":{"_errors":[{"code":"URL_TYPE_INVALID_URL","message":"Not a well formed URL."}]}}},
		"_errors":[{"code":"X","message":"whole"}]}}`)
	_, err := client.CreateMessage(t.Context(), channelA, discord.MessageCreate{Content: "x"})
	got, ok := errors.AsType[*discord.APIError](err)
	if !ok || !discord.HasCode(err, discord.CodeInvalidFormBody) {
		t.Fatalf("got %v", err)
	}
	want := []discord.FieldError{
		{Path: "", Code: "X", Message: "whole"},
		{Path: "embeds.0.description", Code: "BASE_TYPE_MAX_LENGTH", Message: "Must be 4096 or fewer in length."},
		{Path: "embeds.0.url", Code: "URL_TYPE_INVALID_URL", Message: "Not a well formed URL."},
	}
	if diff := cmp.Diff(want, got.Fields); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(err.Error(), "embeds.0.description") || got.Temporary() {
		t.Errorf("error %q", err)
	}
}

func TestErrorsOfAnyShape(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status int
		body   string
		want   discord.APIError
		temp   bool
	}{
		{"Discord's", 404, `{"message":"Unknown Channel","code":10003}`, discord.APIError{Status: 404, Code: 10003, Message: "Unknown Channel"}, false},
		{"a page", 502, "<html>cloudflare</html>", discord.APIError{Status: 502, Message: "Bad Gateway"}, true},
		{"nothing", 503, "", discord.APIError{Status: 503, Message: "Service Unavailable"}, true},
		{"odd types", 400, `{"message":{"x":1},"code":"50035","errors":[1]}`, discord.APIError{Status: 400, Message: "Bad Request"}, false},
		{"a redirect", 302, "", discord.APIError{Status: 302, Message: "Found"}, false},
		{"overloaded", 400, `{"code":130000,"message":"overloaded"}`, discord.APIError{Status: 400, Code: 130000, Message: "overloaded"}, true},
		{"very long", 400, `{"message":"` + strings.Repeat("é", 400) + `"}`, discord.APIError{Status: 400, Message: strings.Repeat("é", 150)}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, _ := server(t, c.status, c.body)
			_, err := client.CreateMessage(t.Context(), channelA, discord.MessageCreate{Content: "x"})
			got, ok := errors.AsType[*discord.APIError](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			c.want.Route = "POST /channels/{channel}/messages"
			if diff := cmp.Diff(c.want, *got); diff != "" {
				t.Error(diff)
			}
			if got.Temporary() != c.temp || discord.NotSent(err) {
				t.Errorf("temporary %v, not sent %v", got.Temporary(), discord.NotSent(err))
			}
		})
	}
}

func TestAnswersThatCannotBeReadAreErrors(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"garbage": "{", "a page": "<html>", "nothing": "", "too large": `"` + strings.Repeat("x", 1<<20) + `"`} {
		client, _ := server(t, 200, body)
		_, err := client.CreateMessage(t.Context(), channelA, discord.MessageCreate{Content: "x"})
		if err == nil || (name == "too large") != errors.Is(err, discord.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestErrorsTellNoSecrets(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	c := discord.New(discord.Config{BaseURL: "http://" + address, Token: "bot-secret", Timeout: time.Second})
	defer c.Close()
	err = c.RespondInteraction(t.Context(), channelA, "interaction-secret", discord.InteractionResponse{})
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
	if _, err = c.Me(t.Context(), "user-secret"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
}

func TestCallsTimeOut(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	c := discord.New(discord.Config{BaseURL: srv.URL, Timeout: 20 * time.Millisecond})
	defer c.Close()
	if _, err := c.GatewayBot(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var asked int
	c := discord.New(discord.Config{Token: "secret", Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		asked++
		return answer(307, "", "Location", "https://elsewhere.test/"), nil
	})})
	if _, err := c.GatewayBot(t.Context()); err == nil || asked != 1 {
		t.Errorf("%v after %d requests", err, asked)
	}
}

func TestMessageRoundTrip(t *testing.T) {
	t.Parallel()
	var m discord.Message
	err := json.Unmarshal([]byte(`{"id":"3","channel_id":"2","nonce":17,"content":"x","timestamp":"2026-05-01T10:00:00.123000+02:00",
		"author":{"id":"1","username":"bot","global_name":null,"bot":true},"embeds":[{"title":"t","color":255}]}`), &m)
	if err != nil || m.Nonce != "17" || !m.Timestamp.Equal(time.Date(2026, 5, 1, 8, 0, 0, 123e6, time.UTC)) ||
		m.Embeds[0].Title != "t" || m.URL("9") != "https://discord.com/channels/9/2/3" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestCallsAreCounted(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewPedanticRegistry()
	for range 2 { // two clients of one process share the counters
		c := discord.New(discord.Config{Registerer: reg, Transport: answers(429, `{"retry_after":60}`)})
		_, _ = c.GatewayBot(t.Context())
		_, _ = c.GatewayBot(t.Context())
	}
	want := `
# HELP trackbot_discord_held_back_total Requests not sent because Discord would have refused them, by route and reason.
# TYPE trackbot_discord_held_back_total counter
trackbot_discord_held_back_total{reason="address",route="POST /channels/{channel}/messages"} 0
trackbot_discord_held_back_total{reason="canceled",route="POST /channels/{channel}/messages"} 0
trackbot_discord_held_back_total{reason="global",route="POST /channels/{channel}/messages"} 0
trackbot_discord_held_back_total{reason="guard",route="POST /channels/{channel}/messages"} 0
trackbot_discord_held_back_total{reason="shared",route="POST /channels/{channel}/messages"} 0
trackbot_discord_held_back_total{reason="unauthorized",route="POST /channels/{channel}/messages"} 0
trackbot_discord_held_back_total{reason="user",route="GET /gateway/bot"} 2
trackbot_discord_held_back_total{reason="user",route="POST /channels/{channel}/messages"} 0
# HELP trackbot_discord_requests_total Requests sent to Discord by route and HTTP status; status 0 got no answer.
# TYPE trackbot_discord_requests_total counter
trackbot_discord_requests_total{route="GET /gateway/bot",status="429"} 2
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "trackbot_discord_held_back_total", "trackbot_discord_requests_total"); err != nil {
		t.Error(err)
	}
}

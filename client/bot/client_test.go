package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/client/bot"
)

const guildID = "197038439483310086"

func key() bot.Key {
	return bot.Key{ID: "default", Secret: bytes.Repeat([]byte("s3cret.."), 4)}
}

// answering is a client of a server that gives one answer; the last request is in seen.
func answering(t *testing.T, status int, header map[string]string, body string) (client *bot.Client, seen *http.Request, sent *string) {
	t.Helper()
	seen, sent = &http.Request{}, new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		*seen, *sent = *r, string(got)
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	client, err := bot.New(server.URL+"/", key(), bot.Config{HTTPClient: server.Client()})
	if err != nil {
		t.Fatal(err)
	}
	return client, seen, sent
}

func TestCallsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	icon := "https://cdn.discordapp.com/icons/" + guildID + "/a1b2.png"
	for name, tc := range map[string]struct {
		call                func(context.Context, *bot.Client) error
		method, path, sends string
	}{
		"health": {func(ctx context.Context, c *bot.Client) error {
			return c.ReportHealth(ctx, bot.Health{ShardCount: 1, GuildCount: 2, Status: "online", Version: "1"})
		}, "PUT", "/api/v1/bot/health", `{"shardCount":1,"guildCount":2,"status":"online","version":"1"}`},
		"put": {func(ctx context.Context, c *bot.Client) error {
			_, err := c.PutGuild(ctx, guildID, bot.Guild{Name: "N", IconURL: &icon, OwnerID: "1"})
			return err
		}, "PUT", "/api/v1/bot/guilds/" + guildID, `{"name":"N","iconUrl":"` + icon + `","ownerId":"1"}`},
		"delete": {func(ctx context.Context, c *bot.Client) error {
			return c.DeleteGuild(ctx, guildID)
		}, "DELETE", "/api/v1/bot/guilds/" + guildID, ""},
		"config": {func(ctx context.Context, c *bot.Client) error {
			_, err := c.GuildConfig(ctx, guildID)
			return err
		}, "GET", "/api/v1/bot/guilds/" + guildID + "/config", ""},
		"guilds": {func(ctx context.Context, c *bot.Client) error {
			_, err := c.Guilds(ctx, 1, 2)
			return err
		}, "GET", "/api/v1/bot/guilds?shardId=1&shardCount=2", ""},
		"change": {func(ctx context.Context, c *bot.Client) error {
			return c.ChangeGuild(ctx, guildID, bot.GuildChange{Roles: []bot.Role{}})
		}, "PATCH", "/api/v1/bot/guilds/" + guildID, `{"roles":[]}`},
		"command": {func(ctx context.Context, c *bot.Client) error {
			_, err := c.Command(ctx, guildID, bot.Command{InteractionID: "1", ChannelID: "2", Name: "status", Options: []bot.Option{}, Member: bot.Member{ID: "3", Name: "M", Permissions: "32"}})
			return err
		}, "POST", "/api/v1/bot/guilds/" + guildID + "/commands", `{"interactionId":"1","channelId":"2","member":{"id":"3","name":"M","permissions":"32"},"name":"status","options":[]}`},
		"completion": {func(ctx context.Context, c *bot.Client) error {
			_, err := c.Complete(ctx, guildID, bot.Command{Options: []bot.Option{{Name: "brand", Value: "n", Focused: true}}})
			return err
		}, "POST", "/api/v1/bot/guilds/" + guildID + "/completions", `{"interactionId":"","channelId":"","member":{"id":"","name":"","permissions":""},"name":"","options":[{"name":"brand","value":"n","focused":true}]}`},
		"session": {func(ctx context.Context, c *bot.Client) error {
			_, _, err := c.Session(ctx, 3)
			return err
		}, "GET", "/api/v1/bot/shards/3/session", ""},
		"place": {func(ctx context.Context, c *bot.Client) error {
			return c.SaveSession(ctx, 0, bot.Session{SessionID: "s", ResumeURL: "wss://x", Sequence: 1, ShardCount: 1})
		}, "PUT", "/api/v1/bot/shards/0/session", `{"sessionId":"s","resumeUrl":"wss://x","sequence":1,"shardCount":1}`},
		"no place": {func(ctx context.Context, c *bot.Client) error { return c.ForgetSession(ctx, 0) }, "DELETE", "/api/v1/bot/shards/0/session", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, seen, sent := answering(t, http.StatusOK, nil, "{}")
			if err := tc.call(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			if seen.Method != tc.method || seen.URL.RequestURI() != tc.path || *sent != tc.sends {
				t.Errorf("sent %s %s %s", seen.Method, seen.URL, *sent)
			}
			if wants := tc.sends != ""; wants != (seen.Header.Get("Content-Type") == "application/json") {
				t.Errorf("media type %q", seen.Header.Get("Content-Type"))
			}
		})
	}
}

func TestEachCallNamesItsBot(t *testing.T) {
	t.Parallel()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RequestURI())
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	c, err := bot.New(server.URL, key(), bot.Config{HTTPClient: server.Client(), BotID: "second"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Guilds(t.Context(), 0, 1)
	if err = errors.Join(err, c.ReportHealth(t.Context(), bot.Health{})); err != nil {
		t.Fatal(err)
	}
	if want := []string{"/api/v1/bot/guilds?shardId=0&shardCount=1&botId=second", "/api/v1/bot/health?botId=second"}; !slices.Equal(asked, want) {
		t.Errorf("asked %v", asked)
	}
	for _, id := range []string{"Second", "a b", "a&b=1", "-", strings.Repeat("a", 33)} {
		if _, err := bot.New(server.URL, key(), bot.Config{BotID: id}); err == nil {
			t.Errorf("%q is taken for a bot's id", id)
		}
	}
}

func TestAShardWithoutAPlaceBeginsAnew(t *testing.T) {
	t.Parallel()
	client, _, _ := answering(t, http.StatusNotFound, nil, `{"code":"not_found"}`)
	if _, found, err := client.Session(t.Context(), 0); found || err != nil {
		t.Errorf("got %v, %v", found, err)
	}
	client, _, _ = answering(t, http.StatusNotFound, nil, "<html>") // not the API
	if _, _, err := client.Session(t.Context(), 0); err == nil {
		t.Error("took another's 404 for an answer")
	}
}

func TestRefusalsTellAllThatTheAPISays(t *testing.T) {
	t.Parallel()
	client, _, _ := answering(t, http.StatusServiceUnavailable, map[string]string{"Retry-After": "5", "X-Request-Id": "req-12345"},
		`{"code":"unavailable","detail":"Try again soon.","errors":[{"field":"name","message":"is required"}]}`)
	err := client.DeleteGuild(t.Context(), guildID)
	var refusal *bot.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("got %v", err)
	}
	if refusal.Status != 503 || refusal.Code != "unavailable" || refusal.RetryAfter != 5*time.Second || refusal.RequestID != "req-12345" || len(refusal.Fields) != 1 {
		t.Errorf("got %+v", refusal)
	}
	if want := "trackbot answered 503 unavailable: Try again soon. [name: is required] (request req-12345)"; err.Error() != want {
		t.Errorf("got %s", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	client, _, _ := answering(t, http.StatusTemporaryRedirect, map[string]string{"Location": "/elsewhere"}, "")
	var refusal *bot.Error
	if err := client.DeleteGuild(t.Context(), guildID); !errors.As(err, &refusal) || refusal.Status != http.StatusTemporaryRedirect {
		t.Errorf("got %v", err)
	}
}

func TestAnswersThatAreNoneAreErrors(t *testing.T) {
	t.Parallel()
	client, _, _ := answering(t, http.StatusOK, nil, "<html>")
	if _, err := client.GuildConfig(t.Context(), guildID); err == nil {
		t.Error("took HTML for a configuration")
	}
	client, _, _ = answering(t, http.StatusBadGateway, nil, "<html>")
	var refusal *bot.Error
	if _, err := client.PutGuild(t.Context(), guildID, bot.Guild{}); !errors.As(err, &refusal) || refusal.Code != "" || refusal.Status != 502 {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNoGuildIsNotSent(t *testing.T) {
	t.Parallel()
	client, seen, _ := answering(t, http.StatusOK, nil, "{}")
	for _, id := range []string{"", "..", "1", guildID + "/config", guildID + "?x=1", "guild"} {
		_, put := client.PutGuild(t.Context(), id, bot.Guild{})
		_, get := client.GuildConfig(t.Context(), id)
		if put == nil || get == nil || client.DeleteGuild(t.Context(), id) == nil || seen.Method != "" {
			t.Errorf("%q was sent", id)
		}
	}
}

func TestUnusableClientsAreRefused(t *testing.T) {
	t.Parallel()
	good := "https://api.example.com"
	for base, k := range map[string]bot.Key{
		"api.example.com": key(), "ftp://api.example.com": key(), "https://u:p@api.example.com": key(), good + "?x": key(), "": key(),
		good: {ID: "default", Secret: []byte("short")}, good + "/": {Secret: key().Secret},
	} {
		if _, err := bot.New(base, k, bot.Config{}); err == nil || strings.Contains(err.Error(), "short") {
			t.Errorf("%q: got %v", base, err)
		}
	}
}

func ExampleClient() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"guildId":"197038439483310086","clientId":"0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d"}`)
	}))
	defer api.Close()

	key := bot.Key{ID: "default", Secret: []byte("the 32 bytes or more of the secret")}
	client, err := bot.New(api.URL, key, bot.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	state, err := client.PutGuild(context.Background(), "197038439483310086", bot.Guild{Name: "Newsroom", OwnerID: "197038439483310088"})
	fmt.Println(state.ClientID, state.Created, err)
	// Output: 0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d true <nil>
}

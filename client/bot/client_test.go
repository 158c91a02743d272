package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, seen, sent := answering(t, http.StatusOK, nil, "{}")
			if err := tc.call(t.Context(), client); err != nil {
				t.Fatal(err)
			}
			if seen.Method != tc.method || seen.URL.Path != tc.path || *sent != tc.sends {
				t.Errorf("sent %s %s %s", seen.Method, seen.URL, *sent)
			}
			if wants := tc.sends != ""; wants != (seen.Header.Get("Content-Type") == "application/json") {
				t.Errorf("media type %q", seen.Header.Get("Content-Type"))
			}
		})
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

package discord_test

import (
	"context"
	"errors"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"trackbot/internal/discord"
)

func TestAuthorizeURL(t *testing.T) {
	t.Parallel()
	client, _ := server(t, 200, "")
	got := client.AuthorizeURL(discord.Authorize{
		RedirectURI: "https://api.test/cb?x=1", Scopes: []string{"identify", "guilds"}, State: "s t",
		Challenge: "c", Prompt: "none",
	})
	u, err := url.Parse(got)
	if err != nil || strings.Contains(got, "+") {
		t.Fatalf("%s, %v", got, err)
	}
	want := url.Values{
		"response_type": {"code"}, "client_id": {"300000000000000001"}, "redirect_uri": {"https://api.test/cb?x=1"},
		"scope": {"identify guilds"}, "state": {"s t"}, "code_challenge": {"c"}, "code_challenge_method": {"S256"}, "prompt": {"none"},
	}
	if diff := cmp.Diff(want, u.Query()); diff != "" {
		t.Error(diff)
	}
	invite, err := url.Parse(client.InviteURL(big.NewInt(18432), guildA))
	want = url.Values{
		"client_id": {"300000000000000001"}, "scope": {"bot applications.commands"}, "permissions": {"18432"}, "guild_id": {guildA},
	}
	if diff := cmp.Diff(want, invite.Query()); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestTokensAreSwappedByForm(t *testing.T) {
	t.Parallel()
	const granted = `{"access_token":"a","token_type":"Bearer","expires_in":604800,"refresh_token":"r","scope":"identify guilds"}`
	basic := "Basic MzAwMDAwMDAwMDAwMDAwMDAxOnMlM0FlJTJGYw==" // id:s%3Ae%2Fc
	client, got := server(t, 200, granted)
	token, err := client.ExchangeCode(t.Context(), "the code", "verifier", "https://api.test/cb")
	if err != nil {
		t.Fatal(err)
	}
	within(t, "expires", time.Until(token.ExpiresAt), 604790*time.Second, 604800*time.Second)
	token.ExpiresAt = time.Time{}
	if diff := cmp.Diff(discord.Token{Access: "a", Refresh: "r", Scopes: []string{"identify", "guilds"}}, token); diff != "" {
		t.Error(diff)
	}
	want := sent{
		Method: "POST", Path: "/api/v10/oauth2/token", Auth: basic, Agent: got.Agent, Type: "application/x-www-form-urlencoded",
		Body: "code=the+code&code_verifier=verifier&grant_type=authorization_code&redirect_uri=https%3A%2F%2Fapi.test%2Fcb",
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Error(diff)
	}
	if _, err := client.RefreshToken(t.Context(), "r"); err != nil || got.Body != "grant_type=refresh_token&refresh_token=r" {
		t.Errorf("%v, sent %s", err, got.Body)
	}
	client, got = server(t, 200, `{}`)
	if err := client.RevokeToken(t.Context(), "a"); err != nil || got.Path != "/api/v10/oauth2/token/revoke" || got.Body != "token=a" {
		t.Errorf("%v, sent %+v", err, *got)
	}
}

func TestDeadGrantsAreToldFromOtherRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		status       int
		body         string
		grant, token bool
	}{
		{"dead code", 400, `{"error":"invalid_grant","error_description":"Invalid \"code\" in request."}`, true, false},
		{"wrong secret", 401, `{"error":"invalid_client"}`, false, true},
		{"malformed", 400, `{"error":"invalid_request"}`, false, false},
		{"Discord is ill", 500, `{"message":"500: Internal Server Error","code":0}`, false, false},
		{"a page", 503, `<html>`, false, false},
		{"no token", 200, `{"token_type":"Bearer"}`, false, false},
		{"another type", 200, `{"access_token":"a","token_type":"mac"}`, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client, _ := server(t, c.status, c.body)
			_, err := client.RefreshToken(t.Context(), "r")
			if err == nil || errors.Is(err, discord.ErrInvalidGrant) != c.grant || errors.Is(err, discord.ErrUnauthorized) != c.token {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestUserCalls(t *testing.T) {
	t.Parallel()
	client, got := server(t, 200, `{"id":"1","username":"ann","global_name":"Ann"}`)
	u, err := client.Me(t.Context(), "access")
	if err != nil || u.DisplayName() != "Ann" || got.Auth != "Bearer access" || got.Path != "/api/v10/users/@me" {
		t.Errorf("%+v, %v, sent %+v", u, err, *got)
	}
	client, got = server(t, 200, `[{"id":"1","name":"g","icon":null,"owner":true,"permissions":"9007199254740993","features":[]}]`)
	guilds, err := client.MyGuilds(t.Context(), "access")
	want := []discord.UserGuild{{ID: "1", Name: "g", Owner: true, Permissions: "9007199254740993"}}
	if diff := cmp.Diff(want, guilds); diff != "" || err != nil || got.Query != "limit=200&with_counts=false" {
		t.Errorf("%s, %v, sent %+v", diff, err, *got)
	}
}

func TestUsersDoNotShareLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := discord.New(discord.Config{Transport: answers(200, `[]`, bucketHeaders("guilds", 1, 0, "1")...)})
		for _, access := range []string{"ann", "bob"} {
			if _, err := c.MyGuilds(context.Background(), access); err != nil {
				t.Errorf("%s: %v", access, err)
			}
			_, err := c.MyGuilds(context.Background(), access)
			limited(t, err)
		}
	})
}

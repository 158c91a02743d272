package discord_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"trackbot/internal/discord"
)

func TestSelfIsToldByWhateverKnows(t *testing.T) {
	t.Parallel()
	const id = "197038439483310086"
	inToken := base64.RawStdEncoding.EncodeToString([]byte(id)) + ".GhJkLm.rest"
	for name, tc := range map[string]struct {
		answers map[string]string // by path; another is 404
		token   string
		want    string // id of the application and of the bot
	}{
		"application":          {map[string]string{"/applications/@me": `{"id":"` + id + `","name":"T","bot":{"id":"297038439483310086"}}`}, "t", id + " 297038439483310086"},
		"application of old":   {map[string]string{"/applications/@me": `{"id":"` + id + `","name":"T"}`}, "t", id + " " + id},
		"user":                 {map[string]string{"/users/@me": `{"id":"` + id + `","username":"T","bot":true}`}, "t", id + " " + id},
		"token":                {nil, inToken, id + " " + id},
		"nobody":               {nil, "t.e.s", ""},
		"a token that is none": {nil, base64.RawStdEncoding.EncodeToString([]byte("not an id")) + ".x.y", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if body, ok := tc.answers[r.URL.Path]; ok {
					_, _ = w.Write([]byte(body)) // the test sees what did not arrive
					return
				}
				http.Error(w, `{"message":"404: Not Found","code":0}`, http.StatusNotFound)
			}))
			t.Cleanup(server.Close)
			client := discord.New(discord.Config{BaseURL: server.URL, Token: tc.token})
			t.Cleanup(client.Close)
			app, err := client.Self(t.Context())
			if tc.want == "" {
				if !discord.Lacks(err) {
					t.Errorf("got %+v, %v", app, err)
				}
				return
			}
			if err != nil || app.ID+" "+app.Bot.ID != tc.want {
				t.Errorf("got %+v, %v", app, err)
			}
		})
	}
}

func TestATokenThatIsRefusedIsNobodys(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		http.Error(w, `{"message":"401: Unauthorized","code":0}`, http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	client := discord.New(discord.Config{BaseURL: server.URL, Token: "t"})
	t.Cleanup(client.Close)
	if _, err := client.Self(t.Context()); !errors.Is(err, discord.ErrUnauthorized) || asked != 1 {
		t.Errorf("got %v after %d calls", err, asked)
	}
}

package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"trackbot/api"
	"trackbot/internal/sim"
)

// troubles are the ways in which Discord may fail to answer, by name.
func troubles() map[string]sim.Fault {
	limited := map[string]string{"Retry-After": "30", "X-RateLimit-Scope": "user", "Content-Type": "application/json"}
	return map[string]sim.Fault{
		"429":             {Status: 429, Headers: limited, Body: `{"message":"You are being rate limited.","retry_after":30.0,"global":false}`},
		"429 of a proxy":  {Status: 429, HTML: true, Headers: map[string]string{"Retry-After": "30"}},
		"500":             {Status: 500, Body: `{"message":"500: Internal Server Error","code":0}`},
		"503":             {Status: 503, Body: "upstream connect error"},
		"HTML":            {Status: 502, HTML: true},
		"200 with HTML":   {Status: 200, HTML: true},
		"200 with half":   {Status: 200, Body: `{"access_token":"x","id":"1`},
		"cut":             {Drop: true},
		"no answer":       {Hang: true},
		"invalid_grant":   {Status: 400, Body: `{"error":"invalid_grant","error_description":"Invalid \"code\" in request."}`, Headers: map[string]string{"Content-Type": "application/json"}},
		"token refused":   {Status: 401, Body: `{"message":"401: Unauthorized","code":0}`, Headers: map[string]string{"Content-Type": "application/json"}},
		"flood of zeroes": {GzipZeros: 64 << 20},
	}
}

// maxCalls is how often one step may be asked for one person: more would be a storm when many sign in.
const maxCalls = 3

// calls counts the requests that met the trouble.
func (w *signInWorld) calls() int { return w.sim.Faults()[0].Hits }

// Whatever Discord answers to a step of the sign-in, the browser lands on the login page with a reason, nobody
// is signed in, and Discord is not asked over and over.
func TestTroubleAtDiscordEndsASignInCleanly(t *testing.T) {
	t.Parallel()
	for name, f := range troubles() {
		for step, path := range map[string]string{"code": "/api/v10/oauth2/token", "user": "/api/v10/users/@me", "guilds": "/api/v10/users/@me/guilds"} {
			if f.Hang && step != "code" {
				continue // it would be the same wait of 15 s again
			}
			t.Run(step+" "+name, func(t *testing.T) {
				t.Parallel()
				w := newSignInWorld(t)
				back, cookie := w.start(t, w.addUser(t, "ann"))
				f.Path = path
				w.sim.AddFault(f)
				began := time.Now()
				answer := w.comeBack(back, cookie)
				to, err := url.Parse(answer.Header().Get("Location"))
				if err != nil || answer.Code != http.StatusFound || !strings.HasPrefix(to.String(), origin+"/login?error=") {
					t.Fatalf("got %d to %s", answer.Code, to)
				}
				if reason := to.Query().Get("error"); !slices.Contains([]string{"discord_unavailable", "expired"}, reason) || len(to.Query()) != 1 {
					t.Errorf("told %q", to.RawQuery)
				}
				if took := time.Since(began); took > 20*time.Second {
					t.Errorf("the browser waited %s", took)
				}
				if n := w.calls(); n < 1 || n > maxCalls {
					t.Errorf("asked %d times", n)
				}
				w.nobodySignedIn(t)
				// The way back is spent: it does not count again once Discord is well.
				w.sim.RemoveFault("")
				if again := w.comeBack(back, cookie).Header().Get("Location"); again != origin+"/login?error=expired" {
					t.Errorf("the same way back again led to %s", again)
				}
				w.nobodySignedIn(t)
			})
		}
	}
}

func (w *signInWorld) nobodySignedIn(t *testing.T) {
	t.Helper()
	var rows int
	err := w.admin.Shared().QueryRow(t.Context(), "SELECT (SELECT count(*) FROM login_codes) + (SELECT count(*) FROM dashboard_sessions) + (SELECT count(*) FROM discord_grants)").Scan(&rows)
	if err != nil || rows != 0 {
		t.Errorf("%d rows of a sign-in are left, %v", rows, err)
	}
}

// In a session Discord's trouble shows as older data: the list of guilds that is stored serves for a day, and all
// requests together ask once a minute.
func TestTroubleAtDiscordLeavesASessionItsGuilds(t *testing.T) {
	t.Parallel()
	for name, f := range troubles() {
		for step, path := range map[string]string{"renewal": "/api/v10/oauth2/token", "guilds": "/api/v10/users/@me/guilds"} {
			if f.Hang {
				continue // TestSlowDiscordDoesNotHoldUpReads, which need not wait for it
			}
			t.Run(step+" "+name, func(t *testing.T) {
				t.Parallel()
				w := newSignInWorld(t)
				owner := w.addUser(t, "ann")
				guildID := w.addGuild(t, owner)
				pair := w.signIn(t, owner)
				if step == "renewal" {
					w.exec(t, "UPDATE discord_grants SET expires_at = now() + interval '1 min'")
				}
				f.Path = path
				w.sim.AddFault(f)
				for w.calls() == 0 { // until Discord's small bucket for guild lists has room again
					w.exec(t, "UPDATE users SET guilds_attempted_at = NULL, guilds_confirmed_at = now() - interval '2 min'")
					call{method: "GET", path: "/api/v1/guilds", token: pair.AccessToken}.send(w)
					w.accounts.Close() // waits for what was begun in the background
				}
				for range 5 {
					answer := call{method: "GET", path: "/api/v1/guilds", token: pair.AccessToken}.send(w)
					if list := decode[api.GuildList](t, answer); answer.Code != http.StatusOK || len(list.Items) != 1 || list.Items[0].ID != guildID {
						t.Fatalf("got %d %s", answer.Code, answer.Body)
					}
				}
				w.accounts.Close()
				if n := w.calls(); n < 1 || n > maxCalls {
					t.Errorf("asked %d times for five requests", n)
				}
				refreshed := w.post("/auth/refresh", fmt.Sprintf(`{"refreshToken":%q}`, pair.RefreshToken))
				if refreshed.Code != http.StatusOK {
					t.Errorf("refresh: %d %s", refreshed.Code, refreshed.Body)
				}
				if n := w.calls(); n > maxCalls {
					t.Errorf("asked %d times once it was refreshed too", n)
				}
				var grants int
				if err := w.admin.Shared().QueryRow(t.Context(), "SELECT count(*) FROM discord_grants").Scan(&grants); err != nil {
					t.Fatal(err)
				}
				if gone := grants == 0; gone != (step == "renewal" && name == "invalid_grant") {
					t.Errorf("%d grants are left", grants)
				}
			})
		}
	}
}

func (w *signInWorld) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := w.admin.Shared().Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

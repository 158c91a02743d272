package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"trackbot/api"
	"trackbot/internal/sim"
)

// fly takes a person through the whole sign-in and notes every secret of it.
func (a *aviary) fly(t *testing.T, userID, turn string) (pair api.TokenPair) {
	t.Helper()
	back, cookie := a.start(t, userID)
	_, value, _ := strings.Cut(cookie, "=")
	value, _, _ = strings.Cut(value, ";")
	a.note(turn+" cookie", value, "GET /api/v1/auth/discord header")
	at, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	a.note(turn+" state", at.Query().Get("state"), "GET /api/v1/auth/discord header")
	to, err := url.Parse(a.comeBack(back, cookie).Header().Get("Location"))
	if err != nil || to.Query().Get("code") == "" {
		t.Fatalf("sent to %s, %v", to, err)
	}
	a.note(turn+" login code", to.Query().Get("code"), "GET /api/v1/auth/discord/callback header")
	a.comeBack(back, cookie) // replayed
	pair = decode[api.TokenPair](t, a.exchange(to.Query().Get("code")))
	a.keep(turn, pair, "POST /api/v1/auth/exchange body")
	return pair
}

func (a *aviary) keep(turn string, pair api.TokenPair, home string) {
	a.note(turn+" access token", pair.AccessToken, home)
	a.note(turn+" access token's signature", pair.AccessToken[strings.LastIndex(pair.AccessToken, ".")+1:], home)
	a.note(turn+" refresh token", pair.RefreshToken, home)
}

// stumble sends what is refused, with secrets where they do not belong.
func (a *aviary) stumble(t *testing.T, guildID string, pair api.TokenPair) {
	t.Helper()
	guilds := "/api/v1/guilds/"
	for what, c := range map[string]call{
		"token in the query":       {method: "GET", path: "/api/v1/auth/me?access_token=" + pair.AccessToken},
		"token as a filter":        {method: "GET", path: guilds + guildID + "/posts?brandId=" + pair.AccessToken},
		"token as a cursor":        {method: "GET", path: guilds + guildID + "/posts?cursor=" + pair.RefreshToken},
		"token as a path":          {method: "GET", path: "/api/v1/" + pair.RefreshToken},
		"token as a guild":         {method: "GET", path: guilds + pair.RefreshToken},
		"token as an account":      {method: "GET", path: guilds + guildID + "/accounts/" + pair.RefreshToken},
		"token as a share":         {method: "GET", path: "/api/v1/shares/" + pair.RefreshToken},
		"refresh token as bearer":  {method: "GET", path: "/api/v1/auth/me", token: pair.RefreshToken},
		"access token to refresh":  {method: "POST", path: "/api/v1/auth/refresh", body: fmt.Sprintf(`{"refreshToken":%q}`, pair.AccessToken)},
		"forged refresh token":     {method: "POST", path: "/api/v1/auth/refresh", body: fmt.Sprintf(`{"refreshToken":%q}`, pair.RefreshToken[:len(pair.RefreshToken)-1]+"_")},
		"token in another field":   {method: "POST", path: guilds + guildID + "/brands", body: fmt.Sprintf(`{"name":"N","token":%q}`, pair.AccessToken)},
		"token as a number":        {method: "POST", path: "/api/v1/auth/refresh", body: fmt.Sprintf(`{"refreshToken":[%q]}`, pair.RefreshToken)},
		"token as a field":         {method: "POST", path: "/api/v1/auth/refresh", body: fmt.Sprintf(`{%q:1}`, pair.RefreshToken)},
		"token in broken JSON":     {method: "POST", path: "/api/v1/auth/logout", body: `{"refreshToken":"` + pair.RefreshToken},
		"token as a media type":    {method: "POST", path: "/api/v1/auth/logout", body: `{}`, contentType: pair.RefreshToken},
		"verifier as a code":       {method: "POST", path: "/api/v1/auth/exchange", body: fmt.Sprintf(`{"code":%q,"verifier":%q}`, verifier, verifier)},
		"code twice":               {method: "POST", path: "/api/v1/auth/exchange", body: fmt.Sprintf(`{"code":%q,"verifier":%q}`, a.canaries["second login code"], verifier)},
		"callback out of the blue": {method: "GET", path: "/api/v1/auth/discord/callback?x=1&code=" + a.canaries["discord's code"] + "&state=" + a.canaries["first state"]},
		"error of Discord":         {method: "GET", path: "/api/v1/auth/discord/callback?error=" + a.canaries["discord's code"] + "&state=" + a.canaries["first state"]},
		"nothing to be found":      {method: "DELETE", path: guilds + guildID + "/brands/" + someID},
	} {
		if c.token == "" {
			c.token = pair.AccessToken
		}
		if answer := c.send(a); answer.Code < 300 || answer.Code >= 500 && answer.Code != http.StatusNotImplemented {
			t.Errorf("%s: got %d %s", what, answer.Code, answer.Body)
		}
	}
}

// fall makes Discord, a handler and the database fail.
func (a *aviary) fall(t *testing.T, userID string, pair api.TokenPair) {
	t.Helper()
	for _, f := range []sim.Fault{
		{Status: http.StatusInternalServerError, Body: "SECRET"}, // what a server, or a proxy before it, may echo
		{Status: http.StatusBadRequest, Body: `{"error":"SECRET"}`},
		{Status: http.StatusForbidden, Body: `{"message":"SECRET","error_description":"SECRET"}`},
		{Drop: true},
	} {
		echo := f.Body
		f.Method, f.Path, f.Body = "POST", "/api/v10/oauth2/token", strings.ReplaceAll(echo, "SECRET", a.canaries["client secret"])
		a.sim.AddFault(f)
		if to := a.comeBack(a.start(t, userID)).Header().Get("Location"); !strings.Contains(to, "/login?error=") {
			t.Errorf("sent to %s", to)
		}
		f.Method, f.Path, f.Body = "GET", "/api/v10/gateway/bot", strings.ReplaceAll(echo, "SECRET", a.canaries["bot token"])
		a.sim.AddFault(f)
		_, err := a.bot.GatewayBot(t.Context())
		if err == nil {
			t.Error("no error of the bot's call")
		}
		fmt.Fprintln(&a.log, err) // as its caller would log it
		a.sim.RemoveFault("")
	}
	if answer := a.get("/guilds/"+abyss, pair.AccessToken); answer.Code != http.StatusInternalServerError {
		t.Errorf("panic: got %d", answer.Code)
	}
	rename := func(from, to string) {
		if _, err := a.admin.Shared().Exec(t.Context(), "DO $$ BEGIN SET LOCAL ROLE NONE; ALTER TABLE "+from+" RENAME TO "+to+"; END $$"); err != nil {
			t.Fatal(err)
		}
	}
	rename("dashboard_sessions", "gone")
	if answer := a.post("/auth/refresh", fmt.Sprintf(`{"refreshToken":%q}`, pair.RefreshToken)); answer.Code != http.StatusInternalServerError {
		t.Errorf("without a table: got %d", answer.Code)
	}
	rename("gone", "dashboard_sessions")
}

// tables gives the text of every row of every table, by table.
func (a *aviary) tables(t *testing.T) map[string]string {
	t.Helper()
	var names []string
	conn := a.admin.Shared()
	err := conn.QueryRow(t.Context(), "SELECT array_agg(table_name::text) FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'").Scan(&names)
	if err != nil || len(names) < 20 {
		t.Fatalf("%d tables, %v", len(names), err)
	}
	rows := map[string]string{}
	for _, name := range names {
		var text string
		if err := conn.QueryRow(t.Context(), "SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM "+name+" t").Scan(&text); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rows[name] = text
	}
	return rows
}

// prints is the configuration in every way that somebody might print it.
func (a *aviary) prints(t *testing.T) string {
	t.Helper()
	encoded, err := json.Marshal(a.cfg)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(a.cfg.Settings()) + fmt.Sprintf("%v %+v %#v %q", a.cfg, a.cfg, a.cfg, a.cfg.Settings()) + string(encoded)
}

// No secret gets out: not into a log, a table, a metric or an answer but the one that hands it over.
func TestSecretsStandNowhereInClear(t *testing.T) {
	t.Parallel()
	a := newAviary(t)
	owner := a.addUser(t, "ann")
	guildID := a.addGuild(t, owner)
	a.note("dashboard's verifier", verifier)
	first := a.fly(t, owner, "first")
	decode[api.Me](t, a.get("/auth/me", first.AccessToken))
	created := call{method: "POST", path: "/api/v1/guilds/" + guildID + "/brands", token: first.AccessToken, body: `{"name":"Brand"}`}.send(a)
	if created.Code != http.StatusCreated {
		t.Fatalf("got %d %s", created.Code, created.Body)
	}
	rotated := decode[api.TokenPair](t, a.post("/auth/refresh", fmt.Sprintf(`{"refreshToken":%q}`, first.RefreshToken)))
	a.keep("rotated", rotated, "POST /api/v1/auth/refresh body")
	second := a.fly(t, owner, "second")
	a.stumble(t, guildID, rotated)
	a.fall(t, owner, rotated)
	a.post("/auth/refresh", fmt.Sprintf(`{"refreshToken":%q}`, first.RefreshToken))
	a.post("/auth/logout", fmt.Sprintf(`{"refreshToken":%q}`, second.RefreshToken))

	seen := map[string]bool{}
	for _, e := range a.answers {
		a.search(t, e.place, e.text, seen)
	}
	tables := a.tables(t)
	for name, text := range tables {
		a.search(t, name, text, seen)
	}
	metrics := httptest.NewRecorder()
	promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{}).ServeHTTP(metrics, httptest.NewRequest("GET", "/metrics", nil))
	a.search(t, "the metrics", metrics.Body.String(), seen)
	a.search(t, "the log", a.log.String(), seen)
	a.search(t, "the configuration", a.prints(t), seen)

	for name, homes := range a.homes {
		for _, home := range homes {
			if !seen[name+" in "+home] {
				t.Errorf("the %s was not found in %s, where it belongs: the search is blind", name, home)
			}
		}
	}
	for what, text := range map[string]string{"panic: fell": a.log.String(), "trackbot_": metrics.Body.String(), "ann": tables["users"], "[redacted]": a.prints(t)} {
		if !strings.Contains(text, what) {
			t.Errorf("no %q where it was to be", what)
		}
	}
}

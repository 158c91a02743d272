package httpapi_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
	"trackbot/internal/sim"
)

func wantProblem(t *testing.T, got api.Problem, code fault.Code) {
	t.Helper()
	if string(got.Code) != string(code) {
		t.Errorf("got %+v, want %s", got, code)
	}
}

func TestBrowserComesBackSignedIn(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	owner := w.addUser(t, "ann")
	guildID := w.addGuild(t, owner)
	back, cookie := w.start(t, owner)
	if !regexp.MustCompile(`^__Host-tb_oauth_[\w-]{8}=[\w-]{43}; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$`).MatchString(cookie) {
		t.Errorf("cookie %q", cookie)
	}
	answer := w.comeBack(back, cookie)
	to := answer.Header().Get("Location")
	if answer.Code != http.StatusFound || !regexp.MustCompile(`^`+origin+`/auth/callback\?code=[\w-]{43}&returnTo=%2Fguilds%3Fx%3D1&state=own%5Cstate$`).MatchString(to) {
		t.Fatalf("got %d to %s", answer.Code, to)
	}
	if h := answer.Header(); h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" ||
		!strings.Contains(h.Get("Set-Cookie"), "; Max-Age=0; HttpOnly; Secure; SameSite=Lax") {
		t.Errorf("headers %v", h)
	}
	code := regexp.MustCompile(`code=([\w-]+)`).FindStringSubmatch(to)[1]
	pair := decode[api.TokenPair](t, w.exchange(code))
	if pair.TokenType != api.TokenPairTokenTypeBearer || pair.ExpiresIn != 900 || !strings.HasPrefix(pair.RefreshToken, "tb_rt_") {
		t.Errorf("pair %+v", pair)
	}
	answer = w.get("/auth/me", pair.AccessToken)
	me := decode[api.Me](t, answer)
	if answer.Header().Get("ETag") == "" {
		t.Error("no ETag")
	}
	if me.User.ID != owner || me.User.Username != "ann" || me.User.GlobalName.MustGet() != "ANN" ||
		me.User.AvatarURL.MustGet() != "https://cdn.discordapp.com/avatars/"+owner+"/a1b2c3.png" {
		t.Errorf("user %+v", me.User)
	}
	if len(me.Guilds) != 1 || me.Guilds[0].ID != guildID || !me.Guilds[0].CanManage || me.Guilds[0].IconURL.MustGet() != "https://cdn.discordapp.com/icons/"+guildID+"/c0ffee.png" {
		t.Errorf("guilds %+v", me.Guilds)
	}
	list := decode[api.SessionList](t, w.get("/auth/sessions", pair.AccessToken))
	if len(list.Items) != 1 || !list.Items[0].Current || list.Items[0].ID != me.Session.ID || list.Items[0].UserAgent.MustGet() != "Browser/1" || !list.NextCursor.IsNull() {
		t.Errorf("sessions %+v", list)
	}
	for _, secret := range []string{code, pair.RefreshToken, pair.AccessToken, cookie[strings.Index(cookie, "=")+1:][:43]} {
		if strings.Contains(w.log.String(), secret) {
			t.Error("a secret stands in the log")
		}
	}
}

func TestFailedSignInGoesToTheLoginPage(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	userID := w.addUser(t, "ann")
	discordFails := func(method, path string) func(t *testing.T) {
		return func(t *testing.T) {
			w.sim.AddFault(sim.Fault{Method: method, Path: path, Status: http.StatusBadGateway, HTML: true})
			t.Cleanup(func() { w.sim.RemoveFault("") })
		}
	}
	for _, tc := range []struct {
		name    string
		prepare func(*testing.T)
		change  func(back, cookie string) (string, string)
		want    string
	}{
		{"no cookie", nil, func(back, _ string) (string, string) { return back, "" }, "invalid_state"},
		{"other cookie", nil, func(back, cookie string) (string, string) { return back, cookie[:25] + "=forged" }, "invalid_state"},
		{"nothing at all", nil, func(string, string) (string, string) { return "/api/v1/auth/discord/callback", "" }, "invalid_state"},
		{"refused", nil, func(back, cookie string) (string, string) {
			return regexp.MustCompile(`code=[^&]+`).ReplaceAllString(back, "error=access_denied&error_description=no"), cookie
		}, "access_denied"},
		{"forged code", nil, func(back, cookie string) (string, string) { return strings.Replace(back, "code=", "code=x", 1), cookie }, "expired"},
		{"token endpoint", discordFails("POST", "/api/v10/oauth2/token"), nil, "discord_unavailable"},
		{"user endpoint", discordFails("GET", "/api/v10/users/@me"), nil, "discord_unavailable"},
		{"guild list", discordFails("GET", "/api/v10/users/@me/guilds"), nil, "discord_unavailable"},
	} {
		t.Run(tc.name, func(t *testing.T) { // one after the other: they share a Discord that fails
			back, cookie := w.start(t, userID)
			if tc.prepare != nil {
				tc.prepare(t)
			}
			if tc.change != nil {
				back, cookie = tc.change(back, cookie)
			}
			answer := w.comeBack(back, cookie)
			if to := answer.Header().Get("Location"); answer.Code != http.StatusFound || to != origin+"/login?error="+tc.want {
				t.Errorf("got %d to %s", answer.Code, to)
			}
		})
	}
	back, cookie := w.start(t, userID)
	w.comeBack(back, cookie)
	if to := w.comeBack(back, cookie).Header().Get("Location"); to != origin+"/login?error=expired" {
		t.Errorf("replayed: sent to %s", to)
	}
}

func TestLoginStartRefusesForeignReturnTo(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	for _, to := range []string{"//evil.example", "https://evil.example", `/%5Cevil.example`, "/a%20b", "/%0Aevil", "x", "/" + strings.Repeat("a", 512)} {
		answer := w.get("/auth/discord?challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&state=s&returnTo="+to, "none")
		if p := problemOf(t, answer); answer.Code != http.StatusBadRequest || fields(p)["returnTo"] == "" || answer.Header().Get("Set-Cookie") != "" {
			t.Errorf("%q: got %d %+v", to, answer.Code, p)
		}
	}
}

func TestSecondExchangeIs400AndEndsTheSession(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	code := w.loginCode(t, w.addUser(t, "ann"))
	pair := decode[api.TokenPair](t, w.exchange(code))
	answer := w.exchange(code)
	if p := problemOf(t, answer); answer.Code != http.StatusBadRequest || fields(p)["code"] == "" {
		t.Errorf("got %d %+v", answer.Code, p)
	}
	answer = w.get("/auth/me", pair.AccessToken)
	wantProblem(t, problemOf(t, answer), fault.SessionRevoked)
	if !strings.HasPrefix(answer.Header().Get("WWW-Authenticate"), "Bearer") {
		t.Error("no WWW-Authenticate")
	}
}

func TestRefreshOverHTTP(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	pair := w.signIn(t, w.addUser(t, "ann"))
	body := fmt.Sprintf(`{"refreshToken":%q}`, pair.RefreshToken)
	refresh := func(key string) call {
		return call{method: "POST", path: "/api/v1/auth/refresh", token: "none", body: body, header: map[string]string{"Idempotency-Key": key}}
	}
	next := decode[api.TokenPair](t, refresh("k").send(w))
	if same := decode[api.TokenPair](t, refresh("k").send(w)); same.RefreshToken != next.RefreshToken {
		t.Error("the same key got another successor")
	}
	answer := w.post("/auth/refresh", body)
	if wantProblem(t, problemOf(t, answer), fault.RefreshRace); answer.Code != http.StatusUnauthorized {
		t.Errorf("got %d", answer.Code)
	}
	decode[api.Me](t, w.get("/auth/me", next.AccessToken))
	wantProblem(t, problemOf(t, w.post("/auth/refresh", `{"refreshToken":"tb_rt_rubbish"}`)), fault.Unauthenticated)
	wantProblem(t, problemOf(t, w.get("/auth/me", next.RefreshToken)), fault.Unauthenticated)
	wantProblem(t, problemOf(t, w.get("/auth/me", "none")), fault.Unauthenticated)
}

func TestLogoutOverHTTP(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	userID := w.addUser(t, "ann")
	first, second, third := w.signIn(t, userID), w.signIn(t, userID), w.signIn(t, userID)
	for range 2 {
		if answer := w.post("/auth/logout", fmt.Sprintf(`{"refreshToken":%q}`, first.RefreshToken)); answer.Code != http.StatusNoContent {
			t.Errorf("got %d %s", answer.Code, answer.Body)
		}
	}
	wantProblem(t, problemOf(t, w.get("/auth/me", first.AccessToken)), fault.SessionRevoked)
	wantProblem(t, problemOf(t, w.post("/auth/logout", `{}`)), fault.ValidationFailed)
	wantProblem(t, problemOf(t, w.post("/auth/logout", `{"all":false}`)), fault.ValidationFailed)
	wantProblem(t, problemOf(t, w.post("/auth/logout", `{"all":true}`)), fault.Unauthenticated)
	decode[api.Me](t, w.get("/auth/me", second.AccessToken))
	all := call{method: "POST", path: "/api/v1/auth/logout", token: second.AccessToken, body: `{"all":true}`}.send(w)
	if all.Code != http.StatusNoContent {
		t.Errorf("got %d %s", all.Code, all.Body)
	}
	wantProblem(t, problemOf(t, w.get("/auth/me", third.AccessToken)), fault.SessionRevoked)
	again := call{method: "POST", path: "/api/v1/auth/logout", token: second.AccessToken, body: `{"all":true}`}.send(w)
	if again.Code != http.StatusNoContent {
		t.Errorf("already over: got %d %s", again.Code, again.Body)
	}
	fourth, fifth := w.signIn(t, userID), w.signIn(t, userID)
	if answer := w.post("/auth/logout", fmt.Sprintf(`{"refreshToken":%q,"all":true}`, fourth.RefreshToken)); answer.Code != http.StatusNoContent {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
	wantProblem(t, problemOf(t, w.get("/auth/me", fifth.AccessToken)), fault.SessionRevoked)
}

func TestSessionListPagesAndEnds(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	userID := w.addUser(t, "ann")
	var pair api.TokenPair
	for range 3 {
		pair = w.signIn(t, userID)
	}
	page := decode[api.SessionList](t, w.get("/auth/sessions?limit=2", pair.AccessToken))
	if len(page.Items) != 2 || !page.Items[0].Current || page.NextCursor.IsNull() {
		t.Fatalf("got %+v", page)
	}
	rest := decode[api.SessionList](t, w.get("/auth/sessions?limit=2&cursor="+page.NextCursor.MustGet(), pair.AccessToken))
	if len(rest.Items) != 1 || !rest.NextCursor.IsNull() {
		t.Fatalf("got %+v", rest)
	}
	stranger := w.signIn(t, w.addUser(t, "bob"))
	wantProblem(t, problemOf(t, w.get("/auth/sessions?cursor="+page.NextCursor.MustGet(), stranger.AccessToken)), fault.ValidationFailed)

	end := func(id uuid.UUID, token string) (int, string) {
		answer := call{method: "DELETE", path: "/api/v1/auth/sessions/" + id.String(), token: token, header: map[string]string{"X-Request-Id": "request-1"}}.send(w)
		return answer.Code, answer.Body.String()
	}
	_, unknown := end(uuid.New(), stranger.AccessToken)
	if code, foreign := end(rest.Items[0].ID, stranger.AccessToken); code != http.StatusNotFound || foreign != unknown {
		t.Errorf("another user's session: got %d %s", code, foreign)
	}
	for range 2 {
		if code, body := end(rest.Items[0].ID, pair.AccessToken); code != http.StatusNoContent {
			t.Errorf("got %d %s", code, body)
		}
	}
	if left := decode[api.SessionList](t, w.get("/auth/sessions", pair.AccessToken)); len(left.Items) != 2 {
		t.Errorf("%d sessions are left", len(left.Items))
	}
}

func TestUserGateOpensGuildsToTheirPeopleOnly(t *testing.T) {
	t.Parallel()
	w := newSignInWorld(t)
	owner, memberID, strangerID := w.addUser(t, "ann"), w.addUser(t, "bob"), w.addUser(t, "eve")
	guildID := w.addGuild(t, owner, memberID)
	actor := func(userID string) httpapi.Actor {
		a, err := w.gate.Authenticate(t.Context(), w.signIn(t, userID).AccessToken)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for name, tc := range map[string]struct {
		actor     httpapi.Actor
		write     bool
		code      fault.Code
		mayManage bool
	}{
		"owner writes":   {actor(owner), true, "", true},
		"owner reads":    {actor(owner), false, "", true},
		"member reads":   {actor(memberID), false, "", false},
		"member writes":  {actor(memberID), true, fault.Forbidden, false},
		"stranger reads": {actor(strangerID), false, fault.NotFound, false},
		"api key":        {httpapi.Actor{Kind: httpapi.ActorAPIKey, KeyGuild: guildID}, false, fault.NotFound, false},
		"made-up user":   {httpapi.Actor{Kind: httpapi.ActorUser, UserID: owner}, false, fault.NotFound, false},
	} {
		tenant, err := w.gate.Access(t.Context(), tc.actor, guildID, tc.write)
		if tc.code != "" {
			if !fault.Is(err, tc.code) {
				t.Errorf("%s: got %v, want %s", name, err, tc.code)
			}
			continue
		}
		if err != nil || tenant.GuildID != guildID || tenant.ClientID == uuid.Nil || tenant.CanManage != tc.mayManage {
			t.Errorf("%s: got %+v, %v", name, tenant, err)
		}
	}
}

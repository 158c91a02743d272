package sim_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"trackbot/internal/sim"
)

const (
	callbackURI = "http://127.0.0.1:9999/callback"
	verifier    = "a-verifier-that-is-at-least-43-characters-long"
)

func (w *world) authorizeQuery(edit map[string]string) url.Values {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {w.ClientID()}, "redirect_uri": {callbackURI}, "scope": {"identify guilds"},
		"state": {"st&te"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for k, v := range edit {
		q.Set(k, v)
		if v == "" {
			q.Del(k)
		}
	}
	return q
}

// click authorizes as a user through the page's form and returns where the browser is sent.
func (w *world) click(user string, edit map[string]string, form string) *url.URL {
	w.t.Helper()
	r := w.call("POST", "/oauth2/authorize?"+w.authorizeQuery(edit).Encode(), "user_id="+user+"&decision="+form, nil)
	if r.status != http.StatusFound {
		w.t.Fatalf("the click answers %d: %s", r.status, r.raw)
	}
	return must(url.Parse(r.header.Get("Location")))
}

func (w *world) code(user string) string {
	w.t.Helper()
	return w.click(user, nil, "authorize").Query().Get("code")
}

func (w *world) token(form url.Values) reply {
	w.t.Helper()
	r := w.call("POST", "/api/v10/oauth2/token", form.Encode(), map[string]string{
		"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(w.ClientID()+":"+w.ClientSecret())),
	})
	return r
}

func (w *world) exchange(code string, edit map[string]string) reply {
	w.t.Helper()
	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callbackURI}, "code_verifier": {verifier},
	}
	for k, v := range edit {
		form.Set(k, v)
	}
	return w.token(form)
}

func (w *world) as(token, path string) reply {
	w.t.Helper()
	return w.call("GET", "/api/v10"+path, nil, map[string]string{"Authorization": "Bearer " + token})
}

func TestConsentLeadsBackWithCodeAndState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := w.call("GET", "/oauth2/authorize?"+w.authorizeQuery(nil).Encode(), nil, nil)
	if page.status != 200 || !strings.Contains(string(page.raw), "mark") || !strings.Contains(string(page.raw), "Know what servers") {
		t.Errorf("the page is %d without users or scopes", page.status)
	}
	to := w.click(w.manager, nil, "authorize")
	if to.Host != "127.0.0.1:9999" || to.Query().Get("state") != "st&te" || to.Query().Get("code") == "" {
		t.Errorf("authorize leads to %s", to)
	}
	if to := w.click(w.manager, nil, "cancel"); to.Query().Get("error") != "access_denied" || to.Query().Get("state") != "st&te" {
		t.Errorf("cancel leads to %s", to)
	}
}

func TestWrongAuthorizeRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *sim.Config) { c.RedirectURIs = []string{callbackURI} })
	for _, edit := range []map[string]string{
		{"client_id": "1"}, {"redirect_uri": callbackURI + "/"}, {"redirect_uri": ""}, {"scope": ""}, {"scope": "identify nonsense"},
	} {
		r := w.call("GET", "/oauth2/authorize?"+w.authorizeQuery(edit).Encode(), nil, nil)
		if r.status != 400 || r.header.Get("Location") != "" {
			t.Errorf("%v answers %d, must show an error and never redirect", edit, r.status)
		}
	}
	for want, edit := range map[string]map[string]string{
		"unsupported_response_type": {"response_type": "token"},
		"invalid_request":           {"code_challenge_method": "plain"},
	} {
		r := w.call("GET", "/oauth2/authorize?"+w.authorizeQuery(edit).Encode(), nil, nil)
		if to := must(url.Parse(r.header.Get("Location"))); to.Query().Get("error") != want {
			t.Errorf("%v leads to %q", edit, r.header.Get("Location"))
		}
	}
}

func TestPromptNoneSkipsThePageForWhoHasAgreed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/oauth2/authorize?" + w.authorizeQuery(map[string]string{"prompt": "none"}).Encode()
	cookie := map[string]string{"Cookie": "sim_user=" + w.manager}
	if r := w.call("GET", path, nil, cookie); r.status != 200 {
		t.Errorf("before any consent prompt=none answers %d", r.status)
	}
	w.exchange(w.code(w.manager), nil).want(200, 0)
	if r := w.call("GET", path, nil, cookie); r.status != 302 || !strings.Contains(r.header.Get("Location"), "code=") {
		t.Errorf("after consent prompt=none answers %d", r.status)
	}
}

func TestCodeIsExchangedOnceWithEverythingRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, edit := range map[string]map[string]string{
		"verifier": {"code_verifier": verifier + "x"}, "no verifier": {"code_verifier": ""}, "redirect": {"redirect_uri": callbackURI + "/"},
	} {
		code := w.code(w.member)
		if r := w.exchange(code, edit).want(400, 0); r.str("error") != "invalid_grant" {
			t.Errorf("wrong %s: %s", name, r.raw)
		}
		if w.exchange(code, nil).status != 400 {
			t.Errorf("wrong %s: the code survived", name)
		}
	}
	code := w.code(w.member)
	r := w.exchange(code, nil).want(200, 0)
	if r.str("token_type") != "Bearer" || r.object["expires_in"] != 604800.0 || r.str("scope") != "identify guilds" {
		t.Errorf("token answer is %s", r.raw)
	}
	if again := w.exchange(code, nil).want(400, 0); again.str("error_description") != `Invalid "code" in request.` {
		t.Errorf("second use: %s", again.raw)
	}
	late := w.code(w.member)
	w.clock.advance(101 * time.Second)
	w.exchange(late, nil).want(400, 0)
}

func TestTokenEndpointWantsAFormAndTheClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.call("POST", "/api/v10/oauth2/token", m{"grant_type": "authorization_code"}, nil).want(400, 50035)
	bad := w.call("POST", "/api/oauth2/token", "grant_type=refresh_token&client_id="+w.ClientID()+"&client_secret=wrong", nil).want(401, 0)
	if bad.str("error") != "invalid_client" {
		t.Errorf("wrong secret: %s", bad.raw)
	}
	form := "grant_type=password&client_id=" + w.ClientID() + "&client_secret=" + w.ClientSecret()
	if r := w.call("POST", "/api/oauth2/token", form, nil).want(400, 0); r.str("error") != "unsupported_grant_type" {
		t.Errorf("wrong grant type: %s", r.raw)
	}
}

func TestRefreshTokensRotateAndDieAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.exchange(w.code(w.member), nil)
	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first.str("refresh_token")}}
	second := w.token(refresh).want(200, 0)
	if second.str("refresh_token") == first.str("refresh_token") {
		t.Error("the refresh token did not rotate")
	}
	if r := w.token(refresh).want(400, 0); string(r.raw) != `{"error":"invalid_grant"}` {
		t.Errorf("a dead refresh token answers %s", r.raw)
	}
	w.as(second.str("access_token"), "/users/@me").want(200, 0)
	w.clock.advance(7*24*time.Hour + time.Second)
	w.as(second.str("access_token"), "/users/@me").want(401, 0)
}

func TestRevokingOneTokenKillsTheWholeAuthorization(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, b := w.exchange(w.code(w.member), nil), w.exchange(w.code(w.member), nil)
	other := w.exchange(w.code(w.owner), nil)
	form := "token=" + a.str("access_token") + "&client_id=" + w.ClientID() + "&client_secret=" + w.ClientSecret()
	w.call("POST", "/api/v10/oauth2/token/revoke", form, nil).want(200, 0)
	w.as(b.str("access_token"), "/users/@me").want(401, 0)
	w.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {b.str("refresh_token")}}).want(400, 0)
	w.as(other.str("access_token"), "/users/@me").want(200, 0)
	w.call("POST", "/api/v10/oauth2/token/revoke", form, nil).want(200, 0)
}

func TestBearerSeesOnlyWhatItsScopesAllow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	full := w.exchange(w.code(w.owner), nil).str("access_token")
	if r := w.as(full, "/users/@me").want(200, 0); r.str("username") != "olga" {
		t.Errorf("user is %s", r.raw)
	}
	list := w.as(full, "/users/@me/guilds?with_counts=true").want(200, 0).list("")
	if len(list) != 1 || list[0].object["owner"] != true || list[0].object["approximate_member_count"] != 4.0 {
		t.Fatalf("guilds are %v", list)
	}
	if p := list[0].str("permissions"); p != "2147601472" {
		t.Errorf("permissions %s must not hold what ownership implies", p)
	}
	w.as(full, "/guilds/"+w.guild).want(401, 0)
	w.as(full, "/users/@me/guilds/"+w.guild+"/member").want(403, 50001)
	code := w.click(w.member, map[string]string{"scope": "identify"}, "authorize").Query().Get("code")
	narrow := w.exchange(code, nil).str("access_token")
	w.as(narrow, "/users/@me/guilds").want(403, 50001)
	if me := w.as(narrow, "/oauth2/@me").want(200, 0); me.str("user", "id") != w.member {
		t.Errorf("oauth2/@me is %s", me.raw)
	}
}

func TestUserGuildsHaveASmallBucket(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.exchange(w.code(w.owner), nil).str("access_token")
	w.as(token, "/users/@me/guilds").want(200, 0)
	w.as(token, "/users/@me/guilds").want(429, 0)
}

func TestManagersAddTheBotByConsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unlimited)
	must0(t, w.KickBot(w.guild))
	q := "/oauth2/authorize?" + url.Values{"client_id": {w.ClientID()}, "scope": {"bot applications.commands"}}.Encode()
	if r := w.call("POST", q, "user_id="+w.member+"&guild_id="+w.guild+"&decision=authorize", nil); r.status != 400 {
		t.Errorf("a plain member adds the bot: %d", r.status)
	}
	if r := w.call("POST", q, "user_id="+w.manager+"&guild_id="+w.guild+"&decision=authorize", nil); r.status != 302 {
		t.Fatalf("adding the bot answers %d: %s", r.status, r.raw)
	}
	w.rest("GET", "/guilds/"+w.guild, nil).want(200, 0)
}

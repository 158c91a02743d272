package sim

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// minVerifier is the shortest PKCE verifier (RFC 7636 §4.1).
const minVerifier = 43

// oauthState holds codes, grants and tokens. It is guarded by Sim.mu.
type oauthState struct {
	codes   map[string]*authCode
	grants  map[string]*grant // by user id: one authorization per user
	access  map[string]*accessToken
	refresh map[string]*grant
}

func newOAuthState() oauthState {
	return oauthState{
		codes: map[string]*authCode{}, grants: map[string]*grant{},
		access: map[string]*accessToken{}, refresh: map[string]*grant{},
	}
}

// grant is one user's authorization of the application; revoking any of its
// tokens ends all of them (Discord API docs: Token Revocation).
type grant struct {
	userID string
	scopes []string
}

func (g *grant) has(scope string) bool { return slices.Contains(g.scopes, scope) }

type accessToken struct {
	grant   *grant
	expires time.Time
}

type authCode struct {
	userID      string
	scopes      []string
	redirectURI string
	challenge   string
	expires     time.Time
	guild       *guild // of an authorization that added the bot
}

func oauthRoutes(s *Sim) []apiRoute {
	return []apiRoute{
		{"POST /oauth2/token", authNone, "oauth-token", "", false, s.tokenEndpoint},
		{"POST /oauth2/token/revoke", authNone, "oauth-token", "", false, s.revokeEndpoint},
		{"GET /oauth2/@me", authUser, "oauth-me", "", false, s.getAuthorization},
	}
}

// oauthError is an error in the form of RFC 6749 §5.2.
func oauthError(status int, code, description string) *apiError {
	body := object{"error": code}
	if description != "" {
		body["error_description"] = description
	}
	return &apiError{Status: status, raw: body}
}

// form reads the body, which must be form-encoded, and checks the client's credentials.
func (c *call) form() (url.Values, *apiError) {
	kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type"))
	form, err := url.ParseQuery(string(c.body))
	if kind != "application/x-www-form-urlencoded" || err != nil {
		var f formErrors
		f.add("grant_type", "BASE_TYPE_REQUIRED", "This field is required")
		return nil, f.err()
	}
	id, password, basic := c.BasicAuth()
	if !basic {
		id, password = form.Get("client_id"), form.Get("client_secret")
	}
	want := c.sim.cfg
	if id != want.ClientID || subtle.ConstantTimeCompare([]byte(password), []byte(want.ClientSecret)) != 1 {
		return nil, oauthError(http.StatusUnauthorized, "invalid_client", "")
	}
	return form, nil
}

func (s *Sim) tokenEndpoint(c *call) (any, *apiError) {
	form, e := c.form()
	if e != nil {
		return nil, e
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		return s.exchangeCode(form)
	case "refresh_token":
		return s.exchangeRefresh(form)
	default:
		return nil, oauthError(http.StatusBadRequest, "unsupported_grant_type", "")
	}
}

// exchangeCode burns the code at its first presentation, whatever the outcome.
func (s *Sim) exchangeCode(form url.Values) (any, *apiError) {
	badCode := oauthError(http.StatusBadRequest, "invalid_grant", `Invalid "code" in request.`)
	if form.Get("redirect_uri") == "" {
		return nil, oauthError(http.StatusBadRequest, "invalid_request", `Invalid "redirect_uri" in request.`)
	}
	code := s.oauth.codes[form.Get("code")]
	delete(s.oauth.codes, form.Get("code"))
	if code == nil || s.now().After(code.expires) || code.redirectURI != form.Get("redirect_uri") {
		return nil, badCode
	}
	if code.challenge != "" && !verifies(form.Get("code_verifier"), code.challenge) {
		return nil, oauthError(http.StatusBadRequest, "invalid_grant", `Invalid "code_verifier" in request.`)
	}
	g := s.oauth.grants[code.userID]
	if g == nil {
		g = &grant{userID: code.userID}
		s.oauth.grants[code.userID] = g
	}
	for _, scope := range code.scopes {
		if !g.has(scope) {
			g.scopes = append(g.scopes, scope)
		}
	}
	out := s.issue(g)
	if code.guild != nil {
		out["guild"] = s.guildObject(code.guild)
	}
	return out, nil
}

func verifies(verifier, challenge string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return len(verifier) >= minVerifier && base64.RawURLEncoding.EncodeToString(sum[:]) == challenge
}

// exchangeRefresh rotates: the presented token dies. A dead one answers
// invalid_grant, whatever killed it.
func (s *Sim) exchangeRefresh(form url.Values) (any, *apiError) {
	token := form.Get("refresh_token")
	g := s.oauth.refresh[token]
	if g == nil {
		return nil, oauthError(http.StatusBadRequest, "invalid_grant", "")
	}
	delete(s.oauth.refresh, token)
	return s.issue(g), nil
}

func (s *Sim) issue(g *grant) object {
	access, refresh := secret(15), secret(15)
	now := s.now()
	for token, t := range s.oauth.access {
		if now.After(t.expires) {
			delete(s.oauth.access, token)
		}
	}
	s.oauth.access[access] = &accessToken{grant: g, expires: now.Add(s.cfg.OAuth.TokenTTL)}
	s.oauth.refresh[refresh] = g
	return object{
		"access_token": access, "token_type": "Bearer", "expires_in": int(s.cfg.OAuth.TokenTTL.Seconds()),
		"refresh_token": refresh, "scope": strings.Join(g.scopes, " "),
	}
}

func (s *Sim) revokeEndpoint(c *call) (any, *apiError) {
	form, e := c.form()
	if e != nil {
		return nil, e
	}
	token := form.Get("token")
	g := s.oauth.refresh[token]
	if t := s.oauth.access[token]; t != nil {
		g = t.grant
	}
	if g != nil {
		s.revoke(g)
	}
	return object{}, nil // an unknown token is a success too (RFC 7009 §2.2)
}

func (s *Sim) revoke(g *grant) {
	delete(s.oauth.grants, g.userID)
	for token, t := range s.oauth.access {
		if t.grant == g {
			delete(s.oauth.access, token)
		}
	}
	for token, of := range s.oauth.refresh {
		if of == g {
			delete(s.oauth.refresh, token)
		}
	}
}

func (s *Sim) getAuthorization(c *call) (any, *apiError) {
	out := object{
		"application": s.applicationObject(), "scopes": c.token.grant.scopes,
		"expires": c.token.expires,
	}
	if c.token.grant.has("identify") {
		out["user"] = c.user
	}
	return out, nil
}

// ExpireTokens ends every access token now; refresh tokens stay alive.
func (s *Sim) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.oauth.access)
}

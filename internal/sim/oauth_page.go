package sim

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// authorization is a validated request to the authorize page.
type authorization struct {
	query    url.Values
	scopes   []string
	redirect *url.URL // nil for the bot scope alone
}

// parseAuthorization checks the query of /oauth2/authorize. A request whose
// client or redirect URI is wrong is never redirected (RFC 6749 §4.1.2.1).
func (s *Sim) parseAuthorization(q url.Values) (*authorization, error) {
	a := &authorization{query: q, scopes: strings.Fields(q.Get("scope"))}
	if q.Get("client_id") != s.cfg.ClientID {
		return nil, errors.New("unknown application")
	}
	if len(a.scopes) == 0 {
		return nil, errors.New("invalid scope: at least one is required")
	}
	for _, scope := range a.scopes {
		if !slices.Contains(knownScopes(), scope) {
			return nil, fmt.Errorf("invalid scope: %s", scope)
		}
	}
	botOnly := !slices.ContainsFunc(a.scopes, func(sc string) bool { return sc != "bot" && sc != "applications.commands" })
	if uri := q.Get("redirect_uri"); uri != "" || !botOnly {
		u, err := url.Parse(uri)
		if err != nil || !u.IsAbs() || u.Host == "" || u.Fragment != "" || !s.registered(uri) {
			return nil, errors.New("invalid OAuth2 redirect_uri")
		}
		a.redirect = u
	}
	return a, nil
}

// registered compares redirect URIs as strings (RFC 6749 §3.1.2.3).
func (s *Sim) registered(uri string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.cfg.RedirectURIs) == 0 || slices.Contains(s.cfg.RedirectURIs, uri)
}

func knownScopes() []string {
	return []string{
		"identify", "email", "guilds", "guilds.join", "guilds.members.read", "connections", "bot",
		"applications.commands", "role_connections.write", "webhook.incoming",
	}
}

// protocolError is an error that goes back to the application by redirect.
func (a *authorization) protocolError() (code, description string) {
	q := a.query
	switch method := q.Get("code_challenge_method"); {
	case a.redirect == nil:
		return "", ""
	case q.Get("response_type") != "code":
		return "unsupported_response_type", "Only response_type=code is simulated"
	case q.Get("code_challenge") == "" && method != "":
		return "invalid_request", "code_challenge is missing"
	case q.Get("code_challenge") != "" && method != "S256":
		return "invalid_request", "code_challenge_method must be S256"
	}
	return "", ""
}

// back is the redirect URI with the answer and the caller's state added.
func (a *authorization) back(values ...string) string {
	u := *a.redirect
	q := u.Query()
	for i := 0; i < len(values); i += 2 {
		q.Set(values[i], values[i+1])
	}
	if a.query.Has("state") {
		q.Set("state", a.query.Get("state"))
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// Authorize does what a user's click on "Authorize" does and returns the
// address that the browser is sent to. The query is that of the authorize page;
// guildID is needed for the bot scope alone.
func (s *Sim) Authorize(userID, guildID string, query url.Values) (string, error) {
	a, err := s.parseAuthorization(query)
	if err != nil {
		return "", err
	}
	if code, text := a.protocolError(); code != "" {
		return a.back("error", code, "error_description", text), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[userID]
	if u == nil || u.Bot {
		return "", fmt.Errorf("authorize: unknown user %q", userID)
	}
	var added *guild
	if slices.Contains(a.scopes, "bot") {
		g := s.guilds[guildID]
		if g == nil || !g.guildPermissions(u.ID).has(PermManageGuild) {
			return "", fmt.Errorf("authorize: %s may not add the bot to guild %q", u.Username, guildID)
		}
		if !g.hasBot {
			s.join(g)
		}
		added = g
		s.touch()
	}
	if a.redirect == nil {
		return "", nil
	}
	code := secret(15)
	s.oauth.codes[code] = &authCode{
		userID: u.ID, scopes: a.scopes, redirectURI: a.query.Get("redirect_uri"),
		challenge: a.query.Get("code_challenge"), expires: s.now().Add(s.cfg.OAuth.CodeTTL), guild: added,
	}
	if added != nil {
		return a.back("code", code, "guild_id", added.id, "permissions", fmt.Sprint(uint64(s.cfg.BotPermissions))), nil
	}
	return a.back("code", code), nil
}

// serveAuthorize is the consent page: GET shows it, POST with user_id and
// decision=authorize|cancel carries the click.
func (s *Sim) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	a, err := s.parseAuthorization(r.URL.Query())
	if err != nil {
		s.render(w, http.StatusBadRequest, "authorize_error.html", object{"Error": err.Error()})
		return
	}
	if code, text := a.protocolError(); code != "" {
		http.Redirect(w, r, a.back("error", code, "error_description", text), http.StatusFound)
		return
	}
	if r.Method == http.MethodPost {
		s.decide(w, r, a)
		return
	}
	if to := s.silent(r, a); to != "" {
		http.Redirect(w, r, to, http.StatusFound)
		return
	}
	s.render(w, http.StatusOK, "authorize.html", s.consent(r, a))
}

// silent is prompt=none: whoever is signed in and has agreed to these scopes is sent straight back.
func (s *Sim) silent(r *http.Request, a *authorization) string {
	cookie, err := r.Cookie("sim_user")
	if err != nil || a.query.Get("prompt") != "none" || slices.Contains(a.scopes, "bot") {
		return ""
	}
	s.mu.Lock()
	g := s.oauth.grants[cookie.Value]
	agreed := g != nil && !slices.ContainsFunc(a.scopes, func(sc string) bool { return !g.has(sc) })
	s.mu.Unlock()
	if !agreed {
		return ""
	}
	to, err := s.Authorize(cookie.Value, "", a.query)
	if err != nil {
		return ""
	}
	return to
}

func (s *Sim) decide(w http.ResponseWriter, r *http.Request, a *authorization) {
	if r.PostFormValue("decision") != "authorize" {
		if a.redirect == nil {
			http.Redirect(w, r, "/sim/", http.StatusSeeOther)
			return
		}
		http.Redirect(w, r, a.back("error", "access_denied",
			"error_description", "The resource owner or authorization server denied the request"), http.StatusFound)
		return
	}
	user := r.PostFormValue("user_id")
	to, err := s.Authorize(user, r.PostFormValue("guild_id"), a.query)
	if err != nil {
		s.render(w, http.StatusBadRequest, "authorize_error.html", object{"Error": err.Error()})
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "sim_user", Value: user, Path: "/oauth2/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	if to == "" {
		to = "/sim/?guild=" + url.QueryEscape(r.PostFormValue("guild_id"))
	}
	http.Redirect(w, r, to, http.StatusFound)
}

type consentUser struct {
	User
	Initial, Guilds string
	Picked          bool
}

type consentGuild struct{ ID, Name string }

// consent gathers what the page shows: the users to be, the scopes in words, the guilds for the bot.
func (s *Sim) consent(r *http.Request, a *authorization) object {
	s.mu.Lock()
	defer s.mu.Unlock()
	picked := ""
	if cookie, err := r.Cookie("sim_user"); err == nil {
		picked = cookie.Value
	}
	if s.users[picked] == nil && len(s.userOrder) > 0 {
		picked = s.userOrder[0]
	}
	users := []consentUser{}
	for _, id := range s.userOrder {
		users = append(users, consentUser{*s.users[id], initial(s.users[id].Name()), s.guildNames(id), id == picked})
	}
	guilds := []consentGuild{}
	for _, id := range s.guildOrder {
		guilds = append(guilds, consentGuild{id, s.guilds[id].name})
	}
	host := ""
	if a.redirect != nil {
		host = a.redirect.Host
	}
	return object{
		"App": s.cfg.AppName, "Initial": initial(s.cfg.AppName), "Users": users, "Scopes": scopesInWords(a.scopes), "Host": host,
		"Bot": slices.Contains(a.scopes, "bot"), "Guilds": guilds, "GuildID": a.query.Get("guild_id"),
		"Action": "/oauth2/authorize?" + a.query.Encode(),
	}
}

func (s *Sim) guildNames(userID string) string {
	var names []string
	for _, id := range s.guildOrder {
		g := s.guilds[id]
		if g.members[userID] == nil {
			continue
		}
		role := "member"
		switch p := g.guildPermissions(userID); {
		case g.ownerID == userID:
			role = "owner"
		case p.has(PermManageGuild):
			role = "manager"
		}
		names = append(names, g.name+" ("+role+")")
	}
	if len(names) == 0 {
		return "no servers"
	}
	return strings.Join(names, ", ")
}

func scopesInWords(scopes []string) []string {
	words := map[string]string{
		"identify": "Access your username, avatar, and banner", "email": "Access your email address",
		"guilds": "Know what servers you're in", "guilds.members.read": "Read your member info (nickname, roles) for servers you belong to",
		"bot": "Add a bot to a server", "applications.commands": "Create commands",
		"connections": "Access your third-party connections", "guilds.join": "Join servers for you",
	}
	list := []string{}
	for _, sc := range scopes {
		if words[sc] == "" {
			words[sc] = sc
		}
		list = append(list, words[sc])
	}
	return list
}

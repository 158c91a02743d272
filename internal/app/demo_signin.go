package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"time"
)

//go:embed demo_signin.html
var signInHTML string

// newSignInPage is the other end of the sign-in: it starts one at the API, takes the login code and
// shows what the API tells of the person who signed in.
func newSignInPage(apiURL string) http.Handler {
	p := signInHandler{api: apiURL, page: template.Must(template.New("page").Parse(signInHTML)), client: &http.Client{Timeout: 10 * time.Second}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.home)
	mux.HandleFunc("GET /start", p.start)
	mux.HandleFunc("GET /auth/callback", p.callback)
	mux.HandleFunc("GET /login", p.home)
	mux.HandleFunc("GET /guilds/{guildId}", p.home) // where the bot's answers link to
	return mux
}

type signInHandler struct {
	api    string
	page   *template.Template
	client *http.Client
}

const flowCookie = "trackbot_demo_flow"

func (p signInHandler) home(w http.ResponseWriter, r *http.Request) {
	p.show(w, map[string]any{"Error": r.URL.Query().Get("error")})
}

// start keeps a verifier (RFC 7636) and a state in a cookie and hands the browser to the API.
func (p signInHandler) start(w http.ResponseWriter, r *http.Request) {
	verifier, state := rand.Text()+rand.Text(), rand.Text()
	challenge := sha256.Sum256([]byte(verifier))
	http.SetCookie(w, &http.Cookie{Name: flowCookie, Value: verifier + "." + state, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	q := url.Values{"challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "state": {state}, "returnTo": {"/"}}
	http.Redirect(w, r, p.api+"/api/v1/auth/discord?"+q.Encode(), http.StatusSeeOther)
}

func (p signInHandler) callback(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie(flowCookie)
	verifier, state, ok := cutCookie(cookie)
	if err != nil || !ok || state != r.URL.Query().Get("state") {
		p.show(w, map[string]any{"Error": "this sign-in was started elsewhere"})
		return
	}
	var tokens struct {
		AccessToken string `json:"accessToken"`
	}
	body, _ := json.Marshal(map[string]string{"code": r.URL.Query().Get("code"), "verifier": verifier}) // strings
	if err := p.call(r.Context(), http.MethodPost, "/auth/exchange", "", body, &tokens); err != nil {
		p.show(w, map[string]any{"Error": err.Error()})
		return
	}
	var me, guilds map[string]any
	for path, out := range map[string]*map[string]any{"/auth/me": &me, "/guilds": &guilds} {
		if err := p.call(r.Context(), http.MethodGet, path, tokens.AccessToken, nil, out); err != nil {
			p.show(w, map[string]any{"Error": err.Error()})
			return
		}
	}
	p.show(w, map[string]any{"Me": me, "Guilds": guilds, "Token": tokens.AccessToken, "API": p.api + "/api/v1"})
}

func cutCookie(c *http.Cookie) (verifier, state string, ok bool) {
	if c == nil {
		return "", "", false
	}
	before, after, ok := bytes.Cut([]byte(c.Value), []byte("."))
	return string(before), string(after), ok
}

func (p signInHandler) call(ctx context.Context, method, path, token string, body []byte, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, p.api+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() // read to its end
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", path, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

func (p signInHandler) show(w http.ResponseWriter, data map[string]any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	var page bytes.Buffer
	if err := p.page.Execute(&page, data); err != nil {
		http.Error(w, "the page has a fault", http.StatusInternalServerError)
		return
	}
	w.Write(page.Bytes()) // the reader has gone
}

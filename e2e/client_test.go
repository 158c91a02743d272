package e2e_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"trackbot/api"
)

// client calls the API as a dashboard's server does.
type client struct {
	base    string
	token   string
	refresh string // the token that the session is renewed with
	http    *http.Client
}

func newClient(base string) *client {
	return &client{base: base, http: &http.Client{
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a response that was read.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (c *client) send(t *testing.T, req *http.Request) answer {
	t.Helper()
	a, err := c.do(req)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// do sends a request and reads the whole answer, from any goroutine.
func (c *client) do(req *http.Request) (answer, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close() // read to its end
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: %w", req.Method, req.URL, err)
	}
	return answer{resp.StatusCode, resp.Header, body}, nil
}

func (c *client) call(t *testing.T, method, path string, in any) answer {
	t.Helper()
	req, err := c.request(t.Context(), method, path, in)
	if err != nil {
		t.Fatal(err)
	}
	return c.send(t, req)
}

// request builds a call with a body, if in is not nil, and the bearer token.
func (c *client) request(ctx context.Context, method, path string, in any) (*http.Request, error) {
	var body io.Reader
	if in != nil {
		raw, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	return req, nil
}

// get reads a resource into the contract's type.
func get[T any](t *testing.T, c *client, path string) T {
	t.Helper()
	return read[T](t, c.call(t, http.MethodGet, path, nil), http.StatusOK)
}

// create posts in and reads what was made.
func create[T any](t *testing.T, c *client, path string, in any) T {
	t.Helper()
	return read[T](t, c.call(t, http.MethodPost, path, in), http.StatusCreated)
}

func read[T any](t *testing.T, a answer, status int) T {
	t.Helper()
	var out T
	if a.status != status {
		t.Fatalf("answered %d, want %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return out
}

// posts reads all pages of a guild's posts.
func (c *client) posts(t *testing.T, guild string) []api.Post {
	t.Helper()
	var all []api.Post
	query := url.Values{"limit": {"100"}}
	for {
		page := get[api.PostList](t, c, "/guilds/"+guild+"/posts?"+query.Encode())
		all = append(all, page.Items...)
		next, err := page.NextCursor.Get()
		if err != nil { // null: the last page
			return all
		}
		query.Set("cursor", next)
	}
}

// newGroup makes a brand with a group and returns the group's id.
func (s *system) newGroup(t *testing.T, c *client) api.UUID {
	t.Helper()
	brand := create[api.Brand](t, c, "/guilds/"+guildID+"/brands", map[string]string{"name": "Northern"})
	return create[api.Group](t, c, "/guilds/"+guildID+"/groups", map[string]any{"name": "Own", "brandId": brand.ID}).ID
}

// signIn goes the whole way of a person: dashboard, API, Discord's consent page, API, dashboard, API.
func (s *system) signIn(t *testing.T, userID string) *client {
	t.Helper()
	return s.signInBy(t, newClient(s.api), userID)
}

// signInBy is signIn with a client of the caller's making.
func (s *system) signInBy(t *testing.T, c *client, userID string) *client {
	t.Helper()
	verifier, state := rand.Text()+rand.Text(), rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	query := url.Values{"challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "state": {state}, "returnTo": {"/guilds"}}
	begun := c.call(t, http.MethodGet, "/auth/discord?"+query.Encode(), nil)
	if begun.status != http.StatusFound {
		t.Fatalf("sign-in answered %d: %s", begun.status, begun.body)
	}
	back := consent(t, c, begun.header.Get("Location"), userID)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, back, nil)
	if err != nil {
		t.Fatal(err)
	}
	// The cookie is for https alone, so no jar would bring it back here.
	cookie, _, _ := strings.Cut(begun.header.Get("Set-Cookie"), ";")
	req.Header.Set("Cookie", cookie)
	home, err := url.Parse(c.send(t, req).header.Get("Location"))
	if err != nil || home.Scheme+"://"+home.Host != s.env["DASHBOARD_URL"] || home.Path != "/auth/callback" || home.Query().Get("state") != state {
		t.Fatalf("sent home to %s, %v", home, err)
	}
	pair := read[api.TokenPair](t, c.call(t, http.MethodPost, "/auth/exchange",
		map[string]string{"code": home.Query().Get("code"), "verifier": verifier}), http.StatusOK)
	c.token, c.refresh = pair.AccessToken, pair.RefreshToken
	return c
}

// consent clicks "Authorize" on Discord's page and returns where the browser is sent.
func consent(t *testing.T, c *client, page, userID string) string {
	t.Helper()
	form := url.Values{"user_id": {userID}, "decision": {"authorize"}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, page, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a := c.send(t, req)
	if a.status != http.StatusFound {
		t.Fatalf("the consent page answered %d: %s", a.status, a.body)
	}
	return a.header.Get("Location")
}

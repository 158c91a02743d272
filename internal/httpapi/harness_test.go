package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
)

// Bearer tokens and guilds of the fakes.
const (
	manager  = "manager-token"
	member   = "member-token"
	revoked  = "revoked-token"
	readKey  = "tb_live_read"
	writeKey = "tb_live_write"

	guild        = "197038439483310086"
	foreignGuild = "297038439483310086"
	origin       = "https://dash.example"
	someID       = "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d"
)

var client = uuid.MustParse("0193573a-7e1c-7c5e-8d50-000000000001")

type fakeAuth struct{}

func (fakeAuth) Authenticate(_ context.Context, token string) (httpapi.Actor, error) {
	switch token {
	case manager, member:
		return httpapi.Actor{Kind: httpapi.ActorUser, UserID: "100000000000000001", Username: token}, nil
	case readKey, writeKey:
		scope := strings.TrimPrefix(token, "tb_live_")
		return httpapi.Actor{Kind: httpapi.ActorAPIKey, KeyID: client, KeyGuild: guild, Scopes: []string{scope}}, nil
	case revoked:
		return httpapi.Actor{}, fault.New(fault.SessionRevoked, "This session has ended. Sign in again.")
	default:
		return httpapi.Actor{}, fault.New(fault.Unauthenticated, "This token does not count.")
	}
}

type fakeGuilds struct{}

func (fakeGuilds) Access(_ context.Context, a httpapi.Actor, guildID string, _ bool) (httpapi.Tenant, error) {
	if guildID != guild {
		return httpapi.Tenant{}, fault.Newf(fault.NotFound, "no access to %s", guildID)
	}
	manages := a.Kind == httpapi.ActorAPIKey || a.Username == manager
	return httpapi.Tenant{ClientID: client, GuildID: guildID, CanManage: manages}, nil
}

// ready is a Deps with fakes; a test changes what it is about.
func ready() httpapi.Deps {
	return httpapi.Deps{
		Log:            slog.New(slog.DiscardHandler),
		Auth:           fakeAuth{},
		Guilds:         fakeGuilds{},
		Ready:          func(context.Context) error { return nil },
		CursorKey:      bytes.Repeat([]byte("k"), 32),
		AllowedOrigins: []string{origin},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
	}
}

// plainAPI is the frame around nothing built; it keeps no state, so the tests share one.
var plainAPI = sync.OnceValues(func() (http.Handler, error) { return httpapi.NewWith(ready(), httpapi.Nothing{}) })

func newAPI(t testing.TB) http.Handler {
	t.Helper()
	h, err := plainAPI()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func newAPIWith(t testing.TB, deps httpapi.Deps, ops api.StrictServerInterface, built ...string) http.Handler {
	t.Helper()
	h, err := httpapi.NewWith(deps, ops, built...)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// call is one request; zero fields are what a manager would send.
type call struct {
	method, path, token, body, contentType string
	header                                 map[string]string
}

func (c call) send(h http.Handler) *httptest.ResponseRecorder {
	var body *strings.Reader
	r := httptest.NewRequest(c.method, c.path, nil)
	if c.body != "" {
		body = strings.NewReader(c.body)
		r = httptest.NewRequest(c.method, c.path, body)
		r.Header.Set("Content-Type", "application/json")
	}
	if c.contentType != "" {
		r.Header.Set("Content-Type", c.contentType)
	}
	switch c.token {
	case "":
		r.Header.Set("Authorization", "Bearer "+manager)
	case "none":
	default:
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for k, v := range c.header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// problemOf reads a problem document and holds what every one of them must have.
func problemOf(t testing.TB, w *httptest.ResponseRecorder) api.Problem {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("status %d with media type %q, body %s", w.Code, got, w.Body)
	}
	var p api.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != w.Code || p.Type != "/api/v1/docs#"+string(p.Code) || p.Title == "" || !p.Code.Valid() {
		t.Errorf("status %d, problem %s", w.Code, w.Body)
	}
	if p.RequestID == "" || p.RequestID != w.Header().Get("X-Request-Id") {
		t.Errorf("request id %q in the problem, %q in the header", p.RequestID, w.Header().Get("X-Request-Id"))
	}
	return p
}

// fields lists what a problem names, as field → message.
func fields(p api.Problem) map[string]string {
	m := map[string]string{}
	if p.Errors != nil {
		for _, e := range *p.Errors {
			m[e.Field] = e.Message
		}
	}
	return m
}

type trustingMachines struct{}

func (trustingMachines) Verify(*http.Request, []byte) error { return nil }

type suspiciousMachines struct{}

func (suspiciousMachines) Verify(*http.Request, []byte) error {
	return fault.New(fault.Unauthenticated, "The signature is wrong.")
}

// headerDump writes headers in a fixed order.
func headerDump(h http.Header) string {
	var b strings.Builder
	_ = h.Write(&b)
	return b.String()
}

package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"trackbot/internal/httpapi"
)

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	want := map[string]string{
		"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":    "nosniff",
		"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
		"Referrer-Policy":           "no-referrer",
		"Cache-Control":             "no-store",
	}
	for _, c := range []call{
		{method: "GET", path: "/healthz"},
		{method: "GET", path: "/nope"},
		{method: "POST", path: "/healthz"},
		{method: "GET", path: "/api/v1/auth/me", token: "none"},
		{method: "OPTIONS", path: "/api/v1/guilds"},
		{method: "POST", path: "/api/v1/auth/refresh", body: `{"refreshToken":"x"}`},
	} {
		w := c.send(h)
		for name, value := range want {
			if got := w.Header().Get(name); got != value {
				t.Errorf("%s %s: %s is %q, want %q", c.method, c.path, name, got, value)
			}
		}
	}
}

func TestCORSIsForTheConfiguredOriginsAndNotForSignIn(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, c := range []struct {
		name, method, path, origin string
		preflight                  string
		allowed                    string // Access-Control-Allow-Origin
	}{
		{"read", "GET", "/api/v1/guilds", origin, "", origin},
		{"preflight", "OPTIONS", base + "/brands", origin, "POST", origin},
		{"preflight of a refused method", "OPTIONS", base + "/brands", origin, "BREW", ""},
		{"other origin", "GET", "/api/v1/guilds", "https://evil.example", "", ""},
		{"preflight of another origin", "OPTIONS", base + "/brands", "https://evil.example", "POST", ""},
		{"null origin", "GET", "/api/v1/guilds", "null", "", ""},
		{"other scheme", "GET", "/api/v1/guilds", "http://dash.example", "", ""},
		{"other port", "GET", "/api/v1/guilds", "https://dash.example:8443", "", ""},
		{"suffix", "GET", "/api/v1/guilds", "https://dash.example.evil.example", "", ""},
		{"sub-domain", "GET", "/api/v1/guilds", "https://x.dash.example", "", ""},
		{"look-alike in front", "GET", "/api/v1/guilds", "https://evildash.example", "", ""},
		{"look-alike behind", "GET", "/api/v1/guilds", "https://dash.examples", "", ""},
		{"look-alike letter", "GET", "/api/v1/guilds", "https://d\u0430sh.example", "", ""},
		{"dot for a letter", "GET", "/api/v1/guilds", "https://dash-example", "", ""},
		{"default port", "GET", "/api/v1/guilds", "https://dash.example:443", "", ""},
		{"user before it", "GET", "/api/v1/guilds", "https://dash.example@evil.example", "", ""},
		{"with a path", "GET", "/api/v1/guilds", "https://dash.example/", "", ""},
		{"two", "GET", "/api/v1/guilds", "https://dash.example https://evil.example", "", ""},
		{"preflight of null", "OPTIONS", base + "/brands", "null", "POST", ""},
		{"preflight of a sub-domain", "OPTIONS", base + "/brands", "https://x.dash.example", "POST", ""},
		{"sign-in", "GET", "/api/v1/auth/discord?challenge=x&state=x", origin, "", ""},
		{"sign-in callback", "GET", "/api/v1/auth/discord/callback", origin, "", ""},
		{"sign-in preflight", "OPTIONS", "/api/v1/auth/discord", origin, "GET", ""},
		{"health", "GET", "/healthz", origin, "", origin},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			header := map[string]string{"Origin": c.origin}
			if c.preflight != "" {
				header["Access-Control-Request-Method"] = c.preflight
				header["Access-Control-Request-Headers"] = "authorization,content-type,if-match"
			}
			w := call{method: c.method, path: c.path, header: header}.send(h)
			if got := w.Header().Get("Access-Control-Allow-Origin"); got != c.allowed {
				t.Errorf("allows %q, want %q", got, c.allowed)
			}
			if w.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Error("allows credentials")
			}
			if c.allowed != "" && c.preflight != "" && w.Header().Get("Access-Control-Allow-Headers") == "" {
				t.Error("the preflight allows no headers")
			}
			if c.allowed != "" && c.preflight == "" && w.Header().Get("Access-Control-Expose-Headers") == "" {
				t.Error("exposes no headers")
			}
		})
	}
}

func TestPagesOfOtherOriginsCannotWrite(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, c := range []struct {
		name   string
		header map[string]string
		want   int
	}{
		{"a program", nil, http.StatusNotImplemented},
		{"our dashboard", map[string]string{"Origin": origin, "Sec-Fetch-Site": "cross-site"}, http.StatusNotImplemented},
		{"a foreign page", map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		{"a foreign page of an old browser", map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden},
		{"a sandboxed page", map[string]string{"Origin": "null", "Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := call{method: "POST", path: "/api/v1/auth/refresh", body: `{"refreshToken":"x"}`, header: c.header}.send(h)
			if w.Code != c.want {
				t.Errorf("got %d %s, want %d", w.Code, w.Body, c.want)
			}
			problemOf(t, w)
		})
	}
}

func TestOriginsMustBeExact(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"*", "null", "https://*.example", "dash.example", "https://dash.example/", "ftp://dash.example", ""} {
		deps := ready()
		deps.AllowedOrigins = []string{bad}
		if _, err := httpapi.NewWith(deps, httpapi.Nothing{}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestWithoutOriginsNobodyIsAllowed(t *testing.T) {
	t.Parallel()
	deps := ready()
	deps.AllowedOrigins = nil
	w := call{method: "GET", path: "/api/v1/guilds", header: map[string]string{"Origin": origin}}.send(newAPIWith(t, deps, httpapi.Nothing{}))
	if got := w.Header().Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("allows %q", got)
	}
}

func TestDependenciesAreRequired(t *testing.T) {
	t.Parallel()
	for name, drop := range map[string]func(*httpapi.Deps){
		"Log":    func(d *httpapi.Deps) { d.Log = nil },
		"Auth":   func(d *httpapi.Deps) { d.Auth = nil },
		"Guilds": func(d *httpapi.Deps) { d.Guilds = nil },
		"Ready":  func(d *httpapi.Deps) { d.Ready = nil },
	} {
		deps := ready()
		drop(&deps)
		if _, err := httpapi.NewWith(deps, httpapi.Nothing{}); err == nil {
			t.Errorf("made without %s", name)
		}
	}
	if _, err := httpapi.New(ready()); err == nil {
		t.Error("made without Accounts")
	}
	if _, err := httpapi.NewCursors(make([]byte, 31)); err == nil {
		t.Error("cursors made with a short key")
	}
}

func TestServerWaitsForNobody(t *testing.T) {
	t.Parallel()
	srv := httpapi.NewHTTPServer(":0", newAPI(t), ready().Log)
	if srv.ReadHeaderTimeout != 5*time.Second || srv.MaxHeaderBytes != 32<<10 || srv.WriteTimeout == 0 || srv.IdleTimeout == 0 {
		t.Errorf("timeouts %+v", srv)
	}
}

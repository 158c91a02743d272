package httpapi_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPathsAndMethodsThatAreNotThere(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, c := range []struct {
		name, method, path string
		status             int
		allow              string
	}{
		{"unknown path", "GET", "/api/v1/nope", 404, ""},
		{"root", "GET", "/", 404, ""},
		{"unknown version", "GET", "/api/v2/guilds", 404, ""},
		{"trailing slash", "GET", "/api/v1/guilds/", 404, ""},
		{"double slash", "GET", "/api/v1//guilds", 404, ""},
		{"dot segments", "GET", "/api/v1/guilds/../guilds", 404, ""},
		{"unknown method", "BREW", "/api/v1/guilds", 405, "GET, HEAD, OPTIONS"},
		{"POST on a read", "POST", "/api/v1/guilds", 405, "GET, HEAD, OPTIONS"},
		{"GET on a write", "GET", "/api/v1/auth/refresh", 405, "POST, OPTIONS"},
		{"PUT on a collection", "PUT", base + "/brands", 405, "GET, HEAD, POST, OPTIONS"},
		{"GET on an account", "GET", base + "/accounts/" + someID, 405, "PATCH, DELETE, OPTIONS"},
		{"POST health", "POST", "/healthz", 405, "GET, HEAD, OPTIONS"},
		{"HEAD on a write", "HEAD", "/api/v1/auth/refresh", 405, "POST, OPTIONS"},
		{"OPTIONS", "OPTIONS", base + "/brands", 204, "GET, HEAD, POST, OPTIONS"},
		{"OPTIONS on an unknown path", "OPTIONS", "/api/v1/nope", 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := call{method: c.method, path: c.path, token: "none"}.send(h)
			if w.Code != c.status || w.Header().Get("Allow") != c.allow {
				t.Errorf("got %d, Allow %q; want %d, %q", w.Code, w.Header().Get("Allow"), c.status, c.allow)
			}
			if c.status != http.StatusNoContent {
				problemOf(t, w)
			}
		})
	}
}

func TestHeadIsGetWithoutTheBody(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(newAPI(t))
	t.Cleanup(srv.Close)
	for _, path := range []string{"/healthz", "/api/v1/openapi.json", "/api/v1/docs"} {
		var length [2]int64
		var tag [2]string
		for i, method := range []string{http.MethodGet, http.MethodHead} {
			r, _ := http.NewRequest(method, srv.URL+path, nil)
			res, err := srv.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if err != nil || res.StatusCode != http.StatusOK {
				t.Fatalf("%s %s: %d, %v", method, path, res.StatusCode, err)
			}
			if method == http.MethodHead && len(body) > 0 {
				t.Errorf("HEAD %s has a body", path)
			}
			length[i], tag[i] = res.ContentLength, res.Header.Get("ETag")
		}
		if tag[0] != tag[1] || length[1] > 0 && length[0] != length[1] {
			t.Errorf("%s: lengths %v, tags %v", path, length, tag)
		}
	}
}

func TestBodyOverOneMiBIsRefused(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	big := `{"name":"` + strings.Repeat("x", 1<<20) + `"}`
	declared := httptest.NewRequest("POST", base+"/brands", strings.NewReader(big))
	streamed := httptest.NewRequest("POST", base+"/brands", io.MultiReader(strings.NewReader(big)))
	unauthenticated := httptest.NewRequest("POST", base+"/brands", strings.NewReader(big))
	notTaken := httptest.NewRequest("DELETE", base+"/brands/"+someID, io.MultiReader(strings.NewReader(big)))
	for name, r := range map[string]*http.Request{
		"declared": declared, "streamed": streamed, "unauthenticated": unauthenticated, "not taken": notTaken,
	} {
		r.Header.Set("Content-Type", "application/json")
		if name != "unauthenticated" {
			r.Header.Set("Authorization", "Bearer "+manager)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if p := problemOf(t, w); w.Code != http.StatusRequestEntityTooLarge || p.Code != "payload_too_large" {
			t.Errorf("%s: got %d %s", name, w.Code, p.Code)
		}
		if w.Header().Get("Connection") != "close" {
			t.Errorf("%s: the connection stays open", name)
		}
	}
	fits := httptest.NewRequest("POST", base+"/brands", bytes.NewReader([]byte(`{"name":"N"}`+strings.Repeat(" ", 1<<20-12))))
	fits.Header.Set("Content-Type", "application/json")
	fits.Header.Set("Authorization", "Bearer "+manager)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, fits)
	if w.Code != http.StatusNotImplemented {
		t.Errorf("exactly 1 MiB: got %d", w.Code)
	}
}

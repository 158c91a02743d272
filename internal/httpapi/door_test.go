package httpapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"trackbot/api"
	"trackbot/internal/httpapi"
)

func TestAClosedDoorIsAliveAndAsksToComeAgain(t *testing.T) {
	t.Parallel()
	door := httpapi.NewDoor()
	ask := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		door.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	if w := ask(http.MethodGet, "/healthz"); w.Code != http.StatusOK {
		t.Errorf("not alive: %d %s", w.Code, w.Body)
	}
	for _, path := range []string{"/readyz", "/api/v1/guilds", "/nowhere"} {
		w := ask(http.MethodGet, path)
		var p api.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusServiceUnavailable || p.Code != "unavailable" {
			t.Errorf("%s: %d %s, %v", path, w.Code, w.Body, err)
		}
		h := w.Header()
		if h.Get("Retry-After") == "" || h.Get("X-Request-Id") != p.RequestID || h.Get("Content-Type") != "application/problem+json" || h.Get("X-Content-Type-Options") == "" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
	door.Open(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	if w := ask(http.MethodGet, "/api/v1/guilds"); w.Code != http.StatusTeapot {
		t.Errorf("an open door answers %d", w.Code)
	}
}

package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi"
)

// logged is an API whose log can be read, with its brands made by list.
func logged(t *testing.T, list func(context.Context) (api.ListBrandsResponseObject, error)) (http.Handler, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	deps := ready()
	deps.Log = slog.New(slog.NewJSONHandler(&log, nil))
	return brandsWith(t, deps, list), &log
}

func logLine(t *testing.T, log *bytes.Buffer) map[string]any {
	t.Helper()
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Fatalf("%d lines logged:\n%s", n, log)
	}
	var line map[string]any
	if err := json.Unmarshal(log.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	return line
}

func TestPanicBecomesAProblemAndIsLoggedWithItsStack(t *testing.T) {
	t.Parallel()
	h, log := logged(t, func(context.Context) (api.ListBrandsResponseObject, error) { panic("the " + secret + " broke") })
	w := call{method: "GET", path: base + "/brands"}.send(h)
	if p := problemOf(t, w); w.Code != http.StatusInternalServerError || p.Code != "internal" || strings.Contains(w.Body.String(), secret) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	line := logLine(t, log)
	if line["level"] != "ERROR" || !strings.Contains(fmt.Sprint(line["error"]), secret) || !strings.Contains(fmt.Sprint(line["stack"]), "observe_test.go") {
		t.Errorf("logged %v", line)
	}
}

func TestPanicAfterTheAnswerBeganCutsTheConnection(t *testing.T) {
	t.Parallel()
	h := streamWith(t, func(w http.ResponseWriter) error {
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte("data: half"))
		panic("broke")
	})
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	r, _ := http.NewRequest(http.MethodGet, srv.URL+base+"/status/stream", nil)
	r.Header.Set("Authorization", "Bearer "+manager)
	res, err := srv.Client().Do(r)
	if err == nil {
		var b bytes.Buffer
		_, err = b.ReadFrom(res.Body)
		_ = res.Body.Close()
	}
	if err == nil {
		t.Error("half an answer looks whole")
	}
}

func TestUnknownErrorsAreOursAndTheirTextStaysInTheLog(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		err    error
		status int
		code   api.ProblemCode
		logged bool
	}{
		{"unknown", errors.New(secret), 500, "internal", true},
		{"wrapped unknown", fmt.Errorf("list brands: %w", errors.New(secret)), 500, "internal", true},
		{"a fault's cause", fault.Wrap(errors.New(secret), fault.Conflict, "It does not fit."), 409, "conflict", false},
		{"a fault deep in the chain", fmt.Errorf("list: %w", fault.New(fault.TierLimit, "No more brands.")), 403, "tier_limit", false},
		{"deadline", fmt.Errorf("list: %w", context.DeadlineExceeded), 503, "unavailable", false},
		{"code nobody knows", fault.New("made_up", secret), 500, "internal", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, log := logged(t, func(context.Context) (api.ListBrandsResponseObject, error) { return nil, c.err })
			w := call{method: "GET", path: base + "/brands"}.send(h)
			p := problemOf(t, w)
			if w.Code != c.status || p.Code != c.code || strings.Contains(w.Body.String(), secret) {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
			if line := logLine(t, log); c.logged && !strings.Contains(fmt.Sprint(line["error"]), secret) {
				t.Errorf("logged %v", line)
			}
		})
	}
}

func TestOneLineIsLoggedWithoutPathQueryOrToken(t *testing.T) {
	t.Parallel()
	h, log := logged(t, func(context.Context) (api.ListBrandsResponseObject, error) { return brandPage(), nil })
	call{method: "GET", path: base + "/brands?limit=7", header: map[string]string{"X-Request-Id": "caller-id-1"}}.send(h)
	if strings.Contains(log.String(), manager+`"`) && !strings.Contains(log.String(), `"actor_id":"100000000000000001"`) ||
		strings.Contains(log.String(), "limit=7") || strings.Contains(log.String(), guild) || strings.Contains(log.String(), "Bearer") {
		t.Errorf("logged %s", log)
	}
	line := logLine(t, log)
	for key, want := range map[string]any{
		"msg": "http request", "method": "GET", "route": "GET /api/v1/guilds/{guildId}/brands", "status": 200.0,
		"request_id": "caller-id-1", "client_ip": "192.0.2.1", "actor_id": "100000000000000001", "client_id": client.String(),
	} {
		if line[key] != want {
			t.Errorf("%s is %v, want %v", key, line[key], want)
		}
	}
}

func TestRequestIDIsTheCallersIfWellFormed(t *testing.T) {
	t.Parallel()
	h := newAPI(t)
	for _, id := range []string{"caller-1", "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d", "a.b_c-d.e", strings.Repeat("x", 128)} {
		w := call{method: "GET", path: "/healthz", header: map[string]string{"X-Request-Id": id}}.send(h)
		if got := w.Header().Get("X-Request-Id"); got != id {
			t.Errorf("%q became %q", id, got)
		}
	}
	for _, id := range []string{"", "short", "with space", "a/b/c/d/e/f", "quote\"d-id", strings.Repeat("x", 129)} {
		w := call{method: "GET", path: "/healthz", header: map[string]string{"X-Request-Id": id}}.send(h)
		got, err := uuid.Parse(w.Header().Get("X-Request-Id"))
		if err != nil || got.Version() != 7 {
			t.Errorf("%q became %v, %v", id, got, err)
		}
	}
}

func TestACallerThatLeftIsNotAnsweredAndNotAnError(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(context.Background())
	h, log := logged(t, func(ctx context.Context) (api.ListBrandsResponseObject, error) {
		leave()
		return nil, fmt.Errorf("list brands: %w", ctx.Err())
	})
	r := httptest.NewRequestWithContext(ctx, "GET", base+"/brands", nil)
	r.Header.Set("Authorization", "Bearer "+manager)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if line := logLine(t, log); w.Body.Len() > 0 || line["status"] != 499.0 || line["level"] != "INFO" {
		t.Errorf("answered %q, logged %v", w.Body, line)
	}
}

func TestReadinessTellsOfTroubleWithoutItsText(t *testing.T) {
	t.Parallel()
	deps := ready()
	deps.Ready = func(ctx context.Context) error {
		if _, ok := ctx.Deadline(); !ok {
			return errors.New("asked without a time limit")
		}
		return errors.New(secret)
	}
	h := newAPIWith(t, deps, httpapi.Nothing{})
	w := call{method: "GET", path: "/readyz", token: "none"}.send(h)
	if p := problemOf(t, w); w.Code != http.StatusServiceUnavailable || p.Code != "unavailable" || strings.Contains(w.Body.String(), secret) {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if w := (call{method: "GET", path: "/healthz", token: "none"}).send(h); w.Code != http.StatusOK || w.Body.String() != "{\"status\":\"ok\"}\n" {
		t.Errorf("healthz: got %d %s", w.Code, w.Body)
	}
}

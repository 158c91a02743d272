package app

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"trackbot/internal/config"
	"trackbot/internal/health"
	"trackbot/internal/store/db"
)

const opsPassword = "a password of the operator's"

// page serves the operator's page on a listener, as a worker does.
func page(t *testing.T, password config.Secret, overview func(context.Context) (health.Overview, error)) http.Handler {
	t.Helper()
	o := newOps("", 1, slog.New(slog.DiscardHandler))
	p, err := newOpsPage(password, overview, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if password != "" {
		o.show(p)
	}
	return o.handler()
}

func visit(h http.Handler, path, password string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if password != "" {
		r.SetBasicAuth("anybody", password)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func something(context.Context) (health.Overview, error) {
	return health.Overview{
		Queues: []db.ListQueuesRow{{Queue: "notify", Depth: 7, OldestSeconds: 75, WithinMinute: 2, WithinTen: 7, WithinHour: 7}},
		Waits:  []db.ListLongestWaitsRow{{GuildID: "400000000000000001", Name: "<script>alert(1)</script>", Waiting: 7}},
		Bots:   []db.ListBotsRow{{ID: "main", Status: "online", SilentSeconds: 200}},
	}, nil
}

func TestTheOperatorsPageShowsQueuesToWhoHasThePasswordAlone(t *testing.T) {
	t.Parallel()
	h := page(t, opsPassword, something)
	for _, wrong := range []string{"", "wrong", opsPassword + "x", opsPassword[1:]} {
		w := visit(h, "/ops", wrong)
		if w.Code != http.StatusUnauthorized || !strings.HasPrefix(w.Header().Get("WWW-Authenticate"), "Basic ") || strings.Contains(w.Body.String(), "notify") {
			t.Errorf("with %q: %d %s", wrong, w.Code, w.Body)
		}
	}
	w := visit(h, "/ops", opsPassword)
	body := w.Body.String()
	if w.Code != http.StatusOK || !strings.Contains(body, `<td>notify</td><td class="n">7</td><td class="n">1m15s</td><td class="n">2</td><td class="n">5</td>`) {
		t.Errorf("%d %s", w.Code, body)
	}
	if strings.Contains(body, "<script>") || !strings.Contains(body, "&lt;script&gt;") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("a guild's name is not shown as text alone")
	}
	if !strings.Contains(body, `class="n bad">3m20s ago`) {
		t.Error("a bot that is silent is not marked")
	}
	var told struct {
		Queues []struct {
			Queue         string
			OldestSeconds float64
		}
	}
	if w := visit(h, "/ops.json", opsPassword); json.Unmarshal(w.Body.Bytes(), &told) != nil || len(told.Queues) != 1 || told.Queues[0].OldestSeconds != 75 {
		t.Errorf("as JSON: %s", w.Body)
	}
}

func TestTheOperatorsPageIsNotThereWithoutAPassword(t *testing.T) {
	t.Parallel()
	h := page(t, "", something)
	for _, path := range []string{"/ops", "/ops.json"} {
		if w := visit(h, path, "x"); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestTheOperatorsPageSaysWhenTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	h := page(t, opsPassword, func(context.Context) (health.Overview, error) {
		return health.Overview{}, errors.New("host=db password=secret")
	})
	if w := visit(h, "/ops", opsPassword); w.Code != http.StatusServiceUnavailable || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

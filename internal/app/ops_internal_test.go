package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestReadyOnlyWhenEveryProcessHasItsDatabaseAndEveryCheckPasses(t *testing.T) {
	t.Parallel()
	o := newOps("", 2, slog.New(slog.DiscardHandler))
	var fault error
	want := func(status int) {
		t.Helper()
		w := httptest.NewRecorder()
		o.handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		if w.Code != status {
			t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
		}
	}
	want(http.StatusServiceUnavailable)
	o.readyWhen(func(context.Context) error { return fault })
	o.started("worker")
	o.started("worker") // its second pool is no second process
	want(http.StatusServiceUnavailable)
	o.started("api")
	want(http.StatusOK)
	fault = errors.New("the database is away")
	want(http.StatusServiceUnavailable)
}

func TestAProcessWithAStuckLoopAsksToBeStartedAnew(t *testing.T) {
	t.Parallel()
	o := newOps("", 1, slog.New(slog.DiscardHandler))
	var stuck error
	o.aliveWhile(func() error { return nil })
	o.aliveWhile(func() error { return stuck })
	for _, want := range []int{http.StatusOK, http.StatusServiceUnavailable} {
		w := httptest.NewRecorder()
		o.handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		if w.Code != want {
			t.Errorf("status %d, want %d: %s", w.Code, want, w.Body)
		}
		stuck = errors.New("loop poll has not turned for 6m0s")
	}
}

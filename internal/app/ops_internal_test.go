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
	o.started()
	want(http.StatusServiceUnavailable)
	o.started()
	want(http.StatusOK)
	fault = errors.New("the database is away")
	want(http.StatusServiceUnavailable)
}

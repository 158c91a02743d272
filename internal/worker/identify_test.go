package worker_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"trackbot/internal/source"
)

func TestAnAccountThatCouldNotBeResolvedIsFoundLater(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	down.Store(true)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case down.Load():
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.URL.Path == "/blog":
			answer(200, "Content-Type", "text/html", `<html><head><link rel="alternate" type="application/rss+xml" href="/news.xml"></head></html>`)(w, r)
		default:
			answer(200, "", "", fmt.Sprintf(feed, "utf-8", "News"))(w, r)
		}
	}))
	t.Cleanup(server.Close)
	b := newBench(t, time.Minute)
	account, ok := source.Unresolved(source.Auto, server.URL+"/blog")
	if !ok {
		t.Fatal("the address names nothing")
	}
	id := b.track(account.ExternalID)
	b.exec(`UPDATE sources SET url = $1, state = 'learning', etag = ''`, account.URL)
	b.exec(`UPDATE client_accounts SET baseline_at = NULL`)
	got := b.awaitWhile(id, func() bool {
		if down.Load() && b.count(`SELECT count(*) FROM sources WHERE failures = 1 AND state = 'learning' AND lease_token IS NULL`) == 1 {
			down.Store(false)
			b.exec(`UPDATE sources SET next_poll_at = now()`)
		}
		return b.count(`SELECT count(*) FROM posts`) == 0
	})
	if got.State != "ok" || got.Failures != 0 || got.Posts != 1 {
		t.Errorf("when its site is back: %+v", got)
	}
	if n := b.count(`SELECT count(*) FROM sources WHERE external_id = $1 AND display_name = 'Feed'`, server.URL+"/news.xml"); n != 1 {
		t.Error("the feed was not found")
	}
	if n := b.count(`SELECT count(*) FROM deliveries WHERE kind = 'post'`); n != 0 {
		t.Errorf("%d posts of the baseline were announced", n)
	}
}

func (b *bench) count(sql string, args ...any) (n int) {
	b.t.Helper()
	if err := b.admin.Shared().QueryRow(b.t.Context(), sql, args...).Scan(&n); err != nil {
		b.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

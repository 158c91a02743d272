package sim_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"trackbot/internal/sim"
)

func TestBlueskyAccountsOfOthersComeFromTheUpstream(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "upstream "+r.URL.RequestURI()) // a test's server
	}))
	t.Cleanup(upstream.Close)
	s := sim.New(sim.Config{BlueskyUpstream: upstream.URL})
	t.Cleanup(s.Close)
	if _, err := s.AddBlueskyAccount(sim.SourceSpec{Name: "own.example", ID: "did:plc:own"}); err != nil {
		t.Fatal(err)
	}
	ask := func(path string) string {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Body.String()
	}
	for _, path := range []string{
		"/xrpc/com.atproto.identity.resolveHandle?handle=other.example",
		"/xrpc/app.bsky.feed.getAuthorFeed?actor=did:plc:other&limit=5",
		"/xrpc/app.bsky.feed.getPosts?uris=at://did:plc:other/app.bsky.feed.post/1",
	} {
		if got := ask(path); got != "upstream "+path {
			t.Errorf("%s: %s", path, got)
		}
	}
	if got := ask("/xrpc/com.atproto.identity.resolveHandle?handle=own.example"); got != `{"did":"did:plc:own"}` {
		t.Errorf("own account: %s", got)
	}
}

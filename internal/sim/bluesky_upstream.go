package sim

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// isForeign tells whether a request is about accounts that only the real Bluesky can have.
func (s *Sim) isForeign(r *http.Request) bool {
	if s.cfg.BlueskyUpstream == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	for _, name := range []string{"actor", "handle"} {
		if id := q.Get(name); id != "" {
			return s.find(PlatformBluesky, id) == nil
		}
	}
	for _, uri := range q["uris"] {
		did, _, _ := strings.Cut(strings.TrimPrefix(uri, "at://"), "/")
		if s.find(PlatformBluesky, did) != nil {
			return false
		}
	}
	return len(q["uris"]) > 0
}

func (s *Sim) forwardXRPC(w http.ResponseWriter, r *http.Request) {
	upstream, err := url.Parse(s.cfg.BlueskyUpstream)
	if err != nil {
		writeJSON(w, http.StatusBadGateway, object{"error": "UpstreamFailure", "message": "the upstream has no valid address"})
		return
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(pr *httputil.ProxyRequest) { pr.SetURL(upstream) },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			writeJSON(w, http.StatusBadGateway, object{"error": "UpstreamFailure", "message": "Bluesky cannot be reached from here"})
		},
	}
	proxy.ServeHTTP(w, r)
}

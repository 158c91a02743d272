package sim

import (
	"net/http"
	"slices"
	"strings"
)

// routes puts every path of the simulator on one mux.
func (s *Sim) routes() *http.ServeMux {
	mux := http.NewServeMux()
	rest := slices.Concat(messageRoutes(s), guildRoutes(s), commandRoutes(s), entitlementRoutes(s), interactionRoutes(s), oauthRoutes(s))
	for _, rt := range rest {
		method, path, _ := strings.Cut(rt.pattern, " ")
		mux.HandleFunc(method+" /api/v10"+path, s.serveAPI(rt))
		if strings.HasPrefix(path, "/oauth2/") {
			mux.HandleFunc(method+" /api"+path, s.serveAPI(rt)) // documented without a version too
		}
	}
	mux.HandleFunc("/api/", s.unknownRoute(mux))
	mux.HandleFunc("/gateway", s.serveGateway)
	mux.HandleFunc("/gateway/", s.serveGateway)
	mux.HandleFunc("GET /oauth2/authorize", s.serveAuthorize)
	mux.HandleFunc("POST /oauth2/authorize", s.serveAuthorize)
	s.platformRoutes(mux)
	s.pageRoutes(mux)
	return mux
}

// unknownRoute answers 404, or 405 where another method would have been right.
func (s *Sim) unknownRoute(mux *http.ServeMux) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var allowed []string
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			probe := r.Clone(r.Context())
			probe.Method = method
			if _, pattern := mux.Handler(probe); strings.HasPrefix(pattern, method+" ") {
				allowed = append(allowed, method)
			}
		}
		if len(allowed) == 0 {
			writeAPIError(w, errRoute())
			return
		}
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		writeAPIError(w, &apiError{Status: http.StatusMethodNotAllowed, Message: "405: Method Not Allowed"})
	}
}

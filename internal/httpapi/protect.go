package httpapi

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rs/cors"

	"trackbot/internal/fault"
)

const (
	maxBody      = 1 << 20
	bodyPatience = 10 * time.Second // to send a body
)

// secure sets what every answer carries; a handler may say more about caching.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// crossOrigin answers browsers of other origins: CORS for the configured ones, but none on the
// sign-in pages, and no write from any other (http.CrossOriginProtection).
func (f *frame) crossOrigin(next http.Handler) (http.Handler, error) {
	csrf := http.NewCrossOriginProtection()
	csrf.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.problem(w, r, fault.New(fault.Forbidden, "A page of this origin may not do that."))
	}))
	for _, origin := range f.deps.AllowedOrigins {
		if err := checkOrigin(origin); err != nil {
			return nil, err
		}
		if err := csrf.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("trust origin %q: %w", origin, err)
		}
	}
	shared := cors.New(cors.Options{
		AllowOriginFunc: func(origin string) bool { return slices.Contains(f.deps.AllowedOrigins, origin) },
		AllowedMethods: []string{
			http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
		},
		AllowedHeaders: []string{
			"Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "If-Range",
			"Last-Event-ID", "Range", "X-Request-Id",
		},
		ExposedHeaders: []string{
			"ETag", "X-Request-Id", "RateLimit", "RateLimit-Policy", "Retry-After", "Content-Disposition", "Content-Range", "WWW-Authenticate",
		},
		MaxAge: 600,
	}).Handler(csrf.Handler(next))
	own := csrf.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, basePath+"/auth/discord") {
			own.ServeHTTP(w, r)
			return
		}
		shared.ServeHTTP(w, r)
	}), nil
}

// checkOrigin refuses what is no exact origin, such as * and null.
func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Scheme+"://"+u.Host != origin || u.Host == "" || strings.Contains(u.Host, "*") ||
		(u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("allow origin %q: not of the form https://host", origin)
	}
	return nil
}

// limitSize refuses a body that says it is too large and cuts off one that turns out to be.
func (f *frame) limitSize(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > maxBody {
			f.problem(w, r, tooLarge(w))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// tooLarge also closes the connection, on which the rest of the body may still be coming.
func tooLarge(w http.ResponseWriter) error {
	w.Header().Set("Connection", "close")
	return fault.New(fault.PayloadTooLarge, "The body may be 1 MiB at most.")
}

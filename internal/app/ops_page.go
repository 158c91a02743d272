package app

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"trackbot/internal/config"
	"trackbot/internal/health"
)

//go:embed ops_page.html
var opsPageText string

// overviewPatience bounds the reading of one page.
const overviewPatience = 5 * time.Second

// opsPage shows the operator what waits, what is being worked on and what is wrong: /ops for people, /ops.json for programs.
// It only reads.
type opsPage struct {
	password config.Secret
	overview func(context.Context) (health.Overview, error)
	page     *template.Template
	log      *slog.Logger
}

func newOpsPage(password config.Secret, overview func(context.Context) (health.Overview, error), log *slog.Logger) (*opsPage, error) {
	page, err := template.New("ops").Funcs(template.FuncMap{
		"age": age, "older": func(all, young int64) int64 { return all - young },
		"time": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	}).Parse(opsPageText)
	if err != nil {
		return nil, fmt.Errorf("read operator's page: %w", err)
	}
	return &opsPage{password: password, overview: overview, page: page, log: log}, nil
}

// ServeHTTP implements http.Handler. The user name does not matter, the password does (RFC 7617).
func (p *opsPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	if !p.admits(r) {
		h.Set("WWW-Authenticate", `Basic realm="Trackbot operator", charset="UTF-8"`)
		http.Error(w, "The operator's password is needed.", http.StatusUnauthorized)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), overviewPatience)
	defer cancel()
	o, err := p.overview(ctx)
	if err != nil {
		p.log.WarnContext(ctx, "operator's page cannot be read", "error", err)
		http.Error(w, "The database does not answer. Look at the log.", http.StatusServiceUnavailable)
		return
	}
	if r.URL.Path == "/ops.json" {
		h.Set("Content-Type", "application/json")
		_ = Output{W: w, JSON: true}.document(o) // a caller that has gone cannot be told
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	_ = p.page.Execute(w, o) // likewise
}

// admits compares digests, so that neither content nor length of the password shows in the time it takes.
func (p *opsPage) admits(r *http.Request) bool {
	_, given, ok := r.BasicAuth()
	want, got := sha256.Sum256([]byte(p.password.Reveal())), sha256.Sum256([]byte(given))
	return ok && p.password != "" && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

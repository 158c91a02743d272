package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"trackbot/api"
	"trackbot/internal/fault"
	"trackbot/internal/httpapi/reference"
)

const readyPatience = 2 * time.Second

// mountService mounts what is about the process and the contract, which no method of Server serves.
func (f *frame) mountService(rt *router) error {
	document, err := json.Marshal(f.contract.doc)
	if err != nil {
		return fmt.Errorf("write contract as json: %w", err)
	}
	page, policy, err := reference.Page(f.contract.doc)
	if err != nil {
		return err
	}
	rt.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeHealth(w) })
	rt.HandleFunc("GET /readyz", f.serveReady)
	rt.HandleFunc("GET "+basePath+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(document) // a caller that has gone cannot be told
	})
	rt.HandleFunc("GET "+basePath+"/docs", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		_, _ = w.Write(page)
	})
	return nil
}

func (f *frame) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyPatience)
	defer cancel()
	if err := f.deps.Ready(ctx); err != nil {
		f.problem(w, r, fault.Wrap(err, fault.Unavailable, "Not ready to serve."))
		return
	}
	writeHealth(w)
}

func writeHealth(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(api.Health{Status: api.HealthStatusOk})
}

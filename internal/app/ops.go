package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"trackbot/internal/config"
)

// ops is the operations listener on METRICS_ADDR: health, metrics and profiles, never public.
type ops struct {
	addr string
	log  *slog.Logger

	processes int

	mu     sync.Mutex
	up     map[config.Service]bool       // that have their database; guarded by mu
	checks []func(context.Context) error // guarded by mu
	alive  []func() error                // guarded by mu
	page   http.Handler                  // of the operator, may be nil; guarded by mu
}

// newOps is the listener of so many processes; it is not ready before each has its database.
func newOps(addr string, processes int, log *slog.Logger) *ops {
	return &ops{addr: addr, processes: processes, log: log, up: map[config.Service]bool{}}
}

// started tells that a process has its database, however many pools it opens.
func (o *ops) started(service config.Service) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.up[service] = true
}

// readyWhen adds a condition of /readyz.
func (o *ops) readyWhen(check func(context.Context) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.checks = append(o.checks, check)
}

// aliveWhile adds a condition of /healthz: one that fails says that only a new start can help.
func (o *ops) aliveWhile(check func() error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.alive = append(o.alive, check)
}

func (o *ops) serveAlive(w http.ResponseWriter, _ *http.Request) {
	o.mu.Lock()
	checks := slices.Clone(o.alive)
	o.mu.Unlock()
	for _, check := range checks {
		if err := check(); err != nil {
			o.log.Error("process is stuck", "error", err)
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintln(w, `{"status":"stuck"}`)
			return
		}
	}
	fmt.Fprintln(w, `{"status":"ok"}`)
}

// show puts the operator's page on the listener.
func (o *ops) show(page http.Handler) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.page = page
}

func (o *ops) servePage(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	page := o.page
	o.mu.Unlock()
	if page == nil {
		http.NotFound(w, r)
		return
	}
	page.ServeHTTP(w, r)
}

// readyTimeout bounds one answer of /readyz.
const readyTimeout = 2 * time.Second

func (o *ops) serveReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := o.unready(ctx); err != nil {
		o.log.Warn("not ready", "error", err)
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, `{"status":"unavailable"}`)
		return
	}
	fmt.Fprintln(w, `{"status":"ok"}`)
}

// unready is the first reason not to be ready.
func (o *ops) unready(ctx context.Context) error {
	o.mu.Lock()
	starting, checks := o.processes-len(o.up), slices.Clone(o.checks)
	o.mu.Unlock()
	if starting > 0 {
		return fmt.Errorf("%d processes are starting", starting)
	}
	for _, check := range checks {
		if err := check(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (o *ops) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", o.serveAlive)
	mux.HandleFunc("GET /readyz", o.serveReady)
	mux.HandleFunc("GET /ops", o.servePage)
	mux.HandleFunc("GET /ops.json", o.servePage)
	mux.Handle("GET /metrics", promhttp.Handler())
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// run serves until ctx ends; without an address it only waits.
func (o *ops) run(ctx context.Context) error {
	if o.addr == "" {
		<-ctx.Done()
		return nil
	}
	server := &http.Server{Addr: o.addr, Handler: o.handler(), ReadHeaderTimeout: 5 * time.Second}
	return listen(ctx, server, o.log)
}

// stopGrace is how long requests under way may take to end once the process is told to stop.
const stopGrace = 20 * time.Second

// listen serves until ctx ends, then lets requests under way end.
func listen(ctx context.Context, server *http.Server, log *slog.Logger) error {
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	log.Info("listening", "addr", server.Addr)
	select {
	case err := <-failed:
		return fmt.Errorf("listen on %s: %w", server.Addr, err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		return errors.Join(fmt.Errorf("stop listening: %w", err), server.Close())
	}
	return nil
}

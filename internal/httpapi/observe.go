package httpapi

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"runtime/debug"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
	"trackbot/internal/limit"
)

// statusGone is logged when the caller went away before an answer; it is never sent.
const statusGone = 499

// record is what is known of one request. One goroutine serves a request, so it has no lock.
type record struct {
	id        string
	ip        netip.Addr
	route     string // pattern of the contract, "" when none fits
	actor     *Actor
	tenant    *Tenant
	machine   string          // id of the key that signed the call
	limits    []limit.Verdict // in the order they were applied
	scope     Scope
	version   string // see setVersion
	unwelcome error  // why the bearer token of a call that needs none does not count
	likeness  []byte // see tagBy
	code      fault.Code
	err       error
	stack     []byte

	started bool
	status  int
	bytes   int64
}

type recordKey struct{}

// recordOf finds the request's record; the frame puts one into every request.
func recordOf(ctx context.Context) *record {
	rec, ok := ctx.Value(recordKey{}).(*record)
	if !ok {
		return &record{}
	}
	return rec
}

// RequestID names the request in logs, problems and the audit log.
func RequestID(ctx context.Context) string { return recordOf(ctx).id }

// CallerIP is the address the request came from, proxies seen through.
func CallerIP(ctx context.Context) netip.Addr { return recordOf(ctx).ip }

// gone tells whether the work was broken off because the caller has left, so that nobody reads an answer.
func (rec *record) gone(r *http.Request) bool {
	return !rec.started && errors.Is(rec.err, context.Canceled) && r.Context().Err() != nil
}

// clientIP is the address the request came from: the dashboard's server may vouch for another's than its own.
func (f *frame) clientIP(r *http.Request) netip.Addr {
	if addr, ok := f.vouchers.address(r.Header); ok {
		return addr
	}
	return ClientIP(r.RemoteAddr, r.Header.Values("X-Forwarded-For"), f.deps.TrustedProxies)
}

// observe names the request, answers a panic and logs one line when it is over.
func (f *frame) observe(next http.Handler) http.Handler {
	wellFormed := regexp.MustCompile(`^[A-Za-z0-9._-]{8,128}$`)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &record{
			id: r.Header.Get("X-Request-Id"),
			ip: f.clientIP(r),
		}
		if !wellFormed.MatchString(rec.id) {
			rec.id = uuid.Must(uuid.NewV7()).String()
		}
		w.Header().Set("X-Request-Id", rec.id)
		r = r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
		watched := &watchedWriter{ResponseWriter: w, rec: rec}
		f.metrics.inFlight.Inc()
		defer func() {
			took, status := time.Since(start), rec.answered(r)
			f.metrics.inFlight.Dec()
			rec.name(r)
			f.metrics.done(rec.route, status, rec.code, took)
			f.logRequest(r, rec, status, took)
			if rec.stack != nil && rec.code == "" {
				panic(http.ErrAbortHandler) // part of an answer is out: the connection must not look whole
			}
		}()
		defer f.recoverPanic(watched, r)
		next.ServeHTTP(watched, r)
	})
}

func (f *frame) recoverPanic(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	rec := recordOf(r.Context())
	rec.stack = debug.Stack()
	f.problem(w, r, fmt.Errorf("panic: %v", cause))
}

// answered is the status that the caller got, or would have got.
func (rec *record) answered(r *http.Request) int {
	switch {
	case rec.status != 0:
		return rec.status
	case rec.gone(r):
		return statusGone
	}
	return http.StatusOK
}

func (f *frame) logRequest(r *http.Request, rec *record, status int, took time.Duration) {
	attrs := []slog.Attr{
		slog.String("request_id", rec.id),
		slog.String("method", r.Method),
		slog.String("route", rec.route),
		slog.Int("status", status),
		slog.Int64("bytes", rec.bytes),
		slog.Float64("duration_ms", float64(took.Microseconds())/1000),
		slog.String("client_ip", rec.ip.String()),
	}
	if rec.actor != nil {
		attrs = append(attrs, slog.String("actor_id", rec.actor.ID()))
	}
	if rec.machine != "" {
		attrs = append(attrs, slog.String("key_id", rec.machine))
	}
	if rec.tenant != nil {
		attrs = append(attrs, slog.String("client_id", rec.tenant.ClientID.String()))
	}
	if rec.code != "" {
		attrs = append(attrs, slog.String("code", string(rec.code)))
	}
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError && status != http.StatusNotImplemented {
		level = slog.LevelError
	}
	if rec.err != nil && level == slog.LevelError {
		attrs = append(attrs, slog.String("error", rec.err.Error()))
	}
	if rec.stack != nil {
		attrs = append(attrs, slog.String("stack", string(rec.stack)))
	}
	f.deps.Log.LogAttrs(r.Context(), level, "http request", attrs...)
}

// watchedWriter notes what was answered.
type watchedWriter struct {
	http.ResponseWriter
	rec *record
}

func (w *watchedWriter) WriteHeader(status int) {
	if status >= http.StatusOK && !w.rec.started {
		w.rec.started, w.rec.status = true, status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watchedWriter) Write(b []byte) (int, error) {
	if !w.rec.started {
		w.WriteHeader(http.StatusOK)
	}
	n, err := w.ResponseWriter.Write(b)
	w.rec.bytes += int64(n)
	return n, err
}

// Flush lets the generated code stream.
func (w *watchedWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Hijack gives the connection to a stream.
func (w *watchedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.rec.started, w.rec.status = true, http.StatusOK
	}
	return conn, buffered, err
}

// Unwrap lets http.ResponseController through.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

package app

import (
	"context"
	"log/slog"

	"trackbot/internal/httpapi"
	"trackbot/internal/tracing"
)

// joined gives each log line of a request its id, and each line of what is traced the trace's, so that lines and spans of
// one cause are found together.
type joined struct{ slog.Handler }

// Handle implements slog.Handler.
func (j joined) Handle(ctx context.Context, r slog.Record) error {
	if id := tracing.ID(ctx); id != "" {
		r.AddAttrs(slog.String("trace_id", id))
	}
	if id := httpapi.RequestID(ctx); id != "" && !has(r, "request_id") {
		r.AddAttrs(slog.String("request_id", id))
	}
	return j.Handler.Handle(ctx, r)
}

func has(r slog.Record, key string) (found bool) {
	r.Attrs(func(a slog.Attr) bool {
		found = a.Key == key
		return !found
	})
	return found
}

// WithAttrs implements slog.Handler.
func (j joined) WithAttrs(attrs []slog.Attr) slog.Handler { return joined{j.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (j joined) WithGroup(name string) slog.Handler { return joined{j.Handler.WithGroup(name)} }

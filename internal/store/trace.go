package store

import (
	"strings"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/trace"
)

// WithTraces makes a span of each query, named after it, with its text and without its values; nil makes none.
func WithTraces(spans trace.TracerProvider) Option {
	if spans == nil {
		return func(*pgxpool.Config) {}
	}
	return WithTracer(otelpgx.NewTracer(otelpgx.WithTracerProvider(spans), otelpgx.WithSpanNameFunc(queryName),
		otelpgx.WithDisableConnectionDetailsInAttributes(), otelpgx.WithDisableAcquireTracer()))
}

// queryName is what sqlc wrote before the query ("-- name: ListBrands :many"), else its first word.
func queryName(sql string) string {
	if rest, ok := strings.CutPrefix(sql, "-- name: "); ok {
		name, _, _ := strings.Cut(rest, " ")
		return name
	}
	word, _, _ := strings.Cut(strings.TrimSpace(sql), " ")
	return strings.ToUpper(strings.TrimRight(word, ";"))
}

package httpapi

import (
	"net/http"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// trace makes a span of each request, down to its queries. The API is open to anybody, so a trace that a caller names is
// linked and not joined. Probes are not traced.
func (f *frame) trace(next http.Handler) http.Handler {
	if f.deps.Tracer == nil {
		return next
	}
	return otelhttp.NewHandler(next, "request",
		otelhttp.WithTracerProvider(f.deps.Tracer.Provider()), otelhttp.WithMeterProvider(noop.NewMeterProvider()),
		otelhttp.WithPropagators(propagation.TraceContext{}), otelhttp.WithPublicEndpointFn(func(*http.Request) bool { return true }),
		otelhttp.WithFilter(func(r *http.Request) bool { return r.URL.Path != "/healthz" && r.URL.Path != "/readyz" }))
}

// name gives the request's span the name of its route and what joins it with the log.
func (rec *record) name(r *http.Request) {
	span := trace.SpanFromContext(r.Context())
	if !span.IsRecording() {
		return
	}
	route := rec.route
	if route == "" {
		route = r.Method + " " + unmatched
	}
	span.SetName(route)
	span.SetAttributes(attribute.String("http.route", route), attribute.String("trackbot.request_id", rec.id))
	if rec.tenant != nil {
		span.SetAttributes(attribute.String("trackbot.client_id", rec.tenant.ClientID.String()))
	}
	if rec.code != "" {
		span.SetAttributes(attribute.String("trackbot.code", string(rec.code)))
	}
}

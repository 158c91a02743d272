// Package tracing makes OpenTelemetry traces where an OTLP endpoint is set, and nothing where none is. What is traced is
// what somebody waits for: a request down to its queries, and a post from the poll that found it to the message that tells
// of it, across two processes: the poll's place in the trace travels in the delivery's row.
package tracing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Config says where to and in whose name. OTLP's further settings (headers, timeout, certificates, sampler, attributes of
// the resource) are the environment's standard variables OTEL_*, which the exporter reads itself.
type Config struct {
	// Endpoint is the base address of an OTLP/HTTP receiver, such as http://localhost:4318; traces go to its /v1/traces.
	Endpoint string
	// TracesEndpoint is the whole address for traces, where it is another (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT).
	TracesEndpoint string
	// Service is the process's name, such as trackbot-api.
	Service, Version string
	// Delay is how long spans may be gathered before they are sent, 5 s.
	Delay time.Duration
}

// Tracer makes a process's spans. A nil *Tracer makes none, at no cost. It is safe for concurrent use.
type Tracer struct {
	provider *trace.TracerProvider
	queries  *trace.TracerProvider // makes spans only below others
	tracer   api.Tracer
}

// New returns a tracer, nil where no endpoint is set. Shut it down at the end of the process.
func New(ctx context.Context, cfg Config) (*Tracer, error) {
	target := cfg.TracesEndpoint
	if target == "" && cfg.Endpoint != "" {
		target = strings.TrimSuffix(cfg.Endpoint, "/") + "/v1/traces"
	}
	if target == "" {
		return nil, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(target))
	if err != nil {
		return nil, fmt.Errorf("make exporter of traces: %w", err)
	}
	// The environment's OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last and win.
	res, err := resource.New(ctx, resource.WithAttributes(
		attribute.String("service.name", cfg.Service), attribute.String("service.version", cfg.Version),
	), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("describe process: %w", err)
	}
	var gathering []trace.BatchSpanProcessorOption
	if cfg.Delay > 0 {
		gathering = append(gathering, trace.WithBatchTimeout(cfg.Delay))
	}
	spans := trace.NewBatchSpanProcessor(exporter, gathering...)
	t := &Tracer{
		provider: trace.NewTracerProvider(trace.WithSpanProcessor(spans), trace.WithResource(res)),
		// Claims and heartbeats ask the database all the time and belong to nothing.
		queries: trace.NewTracerProvider(trace.WithSpanProcessor(spans), trace.WithResource(res),
			trace.WithSampler(trace.ParentBased(trace.NeverSample()))),
	}
	t.tracer = t.provider.Tracer("trackbot")
	return t, nil
}

// Shutdown sends what was gathered. Nothing is traced after it.
func (t *Tracer) Shutdown(ctx context.Context) error {
	if t == nil {
		return nil
	}
	if err := t.provider.Shutdown(ctx); err != nil {
		return fmt.Errorf("send the last traces: %w", err)
	}
	return nil
}

// Provider is for libraries that make spans of their own; one of a nil Tracer makes none.
func (t *Tracer) Provider() api.TracerProvider {
	if t == nil {
		return noop.NewTracerProvider()
	}
	return t.provider
}

// Queries is for the database's spans: it makes none that stand alone. nil of a nil Tracer.
func (t *Tracer) Queries() api.TracerProvider {
	if t == nil {
		return nil
	}
	return t.queries
}

// Start begins a span below that of ctx. End it. Names are few; what differs goes into attributes, of strings in turn.
func (t *Tracer) Start(ctx context.Context, name string, attributes ...string) (context.Context, Span) {
	if t == nil {
		return ctx, Span{}
	}
	ctx, span := t.tracer.Start(ctx, name, api.WithAttributes(pairs(attributes)...))
	return ctx, Span{span}
}

func pairs(words []string) []attribute.KeyValue {
	out := make([]attribute.KeyValue, 0, len(words)/2)
	for i := 0; i+1 < len(words); i += 2 {
		out = append(out, attribute.String(words[i], words[i+1]))
	}
	return out
}

// Span is what is being traced; the zero Span is nothing.
type Span struct{ span api.Span }

// End ends it, with the error that ended it, if any. The error's text is not told: it may hold what people wrote.
func (s Span) End(err error) {
	if s.span == nil {
		return
	}
	if err != nil {
		s.span.SetStatus(codes.Error, "failed")
	}
	s.span.End()
}

// Note adds attributes, strings in turn.
func (s Span) Note(attributes ...string) {
	if s.span != nil {
		s.span.SetAttributes(pairs(attributes)...)
	}
}

// Carry writes the place of ctx in its trace for a row of the database, in the form of W3C's traceparent; nil where
// nothing is traced.
func Carry(ctx context.Context) *string {
	if !api.SpanContextFromContext(ctx).IsSampled() {
		return nil
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	parent := carrier["traceparent"]
	return &parent
}

// Resume goes on with the trace that Carry wrote down. What is no traceparent leaves ctx as it is.
func Resume(ctx context.Context, parent *string) context.Context {
	if parent == nil {
		return ctx
	}
	return propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": *parent})
}

// ID is the trace that ctx belongs to, "" for none.
func ID(ctx context.Context) string {
	sc := api.SpanContextFromContext(ctx)
	if !sc.IsSampled() {
		return ""
	}
	return sc.TraceID().String()
}

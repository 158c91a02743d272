package tracing_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"trackbot/internal/tracing"
)

// receiver takes traces as a collector does.
type receiver struct {
	url string

	mu    sync.Mutex
	spans []*otlp.Span
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		var got collector.ExportTraceServiceRequest
		if err != nil || proto.Unmarshal(body, &got) != nil || req.URL.Path != "/v1/traces" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, resource := range got.GetResourceSpans() {
			for _, scope := range resource.GetScopeSpans() {
				r.spans = append(r.spans, scope.GetSpans()...)
			}
		}
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

func (r *receiver) named(t *testing.T, name string) *otlp.Span {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.spans {
		if s.GetName() == name {
			return s
		}
	}
	t.Fatalf("no span %s among %d", name, len(r.spans))
	return nil
}

func TestATraceGoesOnWhereARowOfTheDatabaseHasCarriedIt(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	worker, err := tracing.New(t.Context(), tracing.Config{Endpoint: r.url + "/", Service: "trackbot-worker", Version: "v"})
	if err != nil {
		t.Fatal(err)
	}
	notifier, err := tracing.New(t.Context(), tracing.Config{TracesEndpoint: r.url + "/v1/traces", Service: "trackbot-notifier"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, poll := worker.Start(t.Context(), "poll", "platform", "rss")
	row, id := tracing.Carry(ctx), tracing.ID(ctx)
	poll.End(io.ErrUnexpectedEOF)
	if row == nil || !strings.Contains(*row, id) || len(id) != 32 {
		t.Fatalf("carried %v of trace %q", row, id)
	}
	resumed := tracing.Resume(context.Background(), row)
	ctx, send := notifier.Start(resumed, "deliver")
	if tracing.ID(ctx) != id {
		t.Errorf("trace %s goes on as %s", id, tracing.ID(ctx))
	}
	send.End(nil)
	for _, tr := range []*tracing.Tracer{worker, notifier} {
		if err := tr.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	first, second := r.named(t, "poll"), r.named(t, "deliver")
	if string(first.GetTraceId()) != string(second.GetTraceId()) || string(second.GetParentSpanId()) != string(first.GetSpanId()) {
		t.Error("the delivery is not below the poll")
	}
	if first.GetStatus().GetCode() != otlp.Status_STATUS_CODE_ERROR || first.GetStatus().GetMessage() != "failed" {
		t.Errorf("status %v: the text of an error is not told", first.GetStatus())
	}
}

func TestNothingIsTracedWithoutAnEndpoint(t *testing.T) {
	t.Parallel()
	off, err := tracing.New(t.Context(), tracing.Config{Service: "trackbot-api"})
	if err != nil || off != nil || off.Queries() != nil {
		t.Fatalf("%v, %v", off, err)
	}
	ctx, span := off.Start(t.Context(), "poll", "a", "b")
	span.Note("c", "d")
	span.End(io.EOF)
	if ctx != t.Context() || tracing.Carry(ctx) != nil || tracing.ID(ctx) != "" || off.Shutdown(ctx) != nil {
		t.Error("something is traced")
	}
	_, span2 := off.Provider().Tracer("x").Start(t.Context(), "x")
	if span2.IsRecording() {
		t.Error("a library records")
	}
}

func TestWhatIsNoTraceparentLeavesTheContextAlone(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "00-zz", strings.Repeat("0", 55), "00-00000000000000000000000000000000-0000000000000000-01"} {
		if id := tracing.ID(tracing.Resume(t.Context(), &bad)); id != "" {
			t.Errorf("%q became trace %s", bad, id)
		}
	}
}

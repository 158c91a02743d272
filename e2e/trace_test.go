package e2e_test

import (
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"trackbot/internal/sim"
)

// span is what a collector was told, with the service that told it.
type span struct {
	*otlp.Span
	service string
}

func (s span) trace() string { return hex.EncodeToString(s.GetTraceId()) }

func (s span) attribute(name string) string {
	for _, a := range s.GetAttributes() {
		if a.GetKey() == name {
			return a.GetValue().GetStringValue()
		}
	}
	return ""
}

// spanKeeper takes traces by OTLP over HTTP.
type spanKeeper struct {
	mu    sync.Mutex
	spans []span
}

func (k *spanKeeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var got collector.ExportTraceServiceRequest
	if err != nil || proto.Unmarshal(body, &got) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, resource := range got.GetResourceSpans() {
		service := ""
		for _, a := range resource.GetResource().GetAttributes() {
			if a.GetKey() == "service.name" {
				service = a.GetValue().GetStringValue()
			}
		}
		for _, scope := range resource.GetScopeSpans() {
			for _, s := range scope.GetSpans() {
				k.spans = append(k.spans, span{s, service})
			}
		}
	}
}

// find returns the spans that fit.
func (k *spanKeeper) find(fits func(span) bool) []span {
	k.mu.Lock()
	spans := slices.Clone(k.spans)
	k.mu.Unlock() // fits may look for others
	return slices.DeleteFunc(spans, func(s span) bool { return !fits(s) })
}

// logged tells whether a line of the log with a message has all of the words.
func (p *process) logged(message string, words ...string) bool {
	for line := range strings.Lines(p.log.String()) {
		if strings.Contains(line, `"msg":"`+message+`"`) && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) }) {
			return true
		}
	}
	return false
}

func TestTracesLeadFromARequestToItsQueriesAndFromAPollToItsMessage(t *testing.T) {
	t.Parallel()
	keeper := &spanKeeper{}
	receiver := httptest.NewServer(keeper)
	t.Cleanup(receiver.Close)
	s := newSystem(t, sim.Config{})
	s.env["OTEL_EXPORTER_OTLP_ENDPOINT"], s.env["OTEL_BSP_SCHEDULE_DELAY"] = receiver.URL, "100"
	feed, err := s.sim.AddFeed(sim.SourceSpec{Name: "roast"})
	if err != nil {
		t.Fatal(err)
	}
	api := s.start(t, "api")
	worker, notifier := s.start(t, "worker"), s.start(t, "notifier")
	s.join(t)
	s.slash(t, "track add", map[string]any{"account": s.base + "/feeds/roast.xml", "announce_latest": true})
	s.publish(t, feed, sim.PostSpec{Title: "Followed"})

	var sent []span
	await(t, "a message that is traced to its poll", func() bool {
		sent = keeper.find(func(d span) bool {
			return d.GetName() == "deliver message" && d.service == "trackbot-notifier" && len(keeper.find(func(p span) bool {
				return p.GetName() == "poll" && p.service == "trackbot-worker" && p.trace() == d.trace() && string(p.GetSpanId()) == string(d.GetParentSpanId())
			})) == 1
		})
		return len(sent) > 0
	})
	if n := s.count(t, `SELECT count(*) FROM deliveries WHERE id::text = $1 AND trace_parent LIKE '%' || $2 || '%'`, sent[0].attribute("trackbot.delivery_id"), sent[0].trace()); n != 1 {
		t.Error("the trace is not the delivery's")
	}
	for what, p := range map[string]*process{"posts stored": worker, "message delivered": notifier} {
		await(t, what+" in the log, under the same trace", func() bool {
			return p.logged(what, `"trace_id":"`+sent[0].trace()+`"`)
		})
	}

	req, err := http.NewRequest(http.MethodGet, s.api+"/guilds", nil)
	if err != nil {
		t.Fatal(err)
	}
	const theirs = "4bf92f3577b34da6a3ce929d0e0e4736"
	req.Header.Set("traceparent", "00-"+theirs+"-00f067aa0ba902b7-01")
	req.Header.Set("Authorization", "Bearer tb_live_AAAAAAAA_000000000000000000000000000000000000")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close() // the status is not looked at
	id := resp.Header.Get("X-Request-Id")
	shared, err := http.Get(s.root() + "/api/v1/shares/" + strings.Repeat("A", 43))
	if err != nil {
		t.Fatal(err)
	}
	_ = shared.Body.Close() // likewise
	var request, query []span
	await(t, "a request with a query below it", func() bool {
		request = keeper.find(func(r span) bool { return r.service == "trackbot-api" && r.attribute("trackbot.request_id") == id })
		query = keeper.find(func(q span) bool {
			return q.service == "trackbot-api" && q.GetKind() == otlp.Span_SPAN_KIND_CLIENT && len(keeper.find(func(r span) bool {
				return r.trace() == q.trace() && r.GetKind() == otlp.Span_SPAN_KIND_SERVER
			})) == 1
		})
		return len(request) == 1 && len(query) > 0
	})
	if request[0].GetName() != "GET /api/v1/guilds" || request[0].trace() == theirs {
		t.Errorf("span %q of trace %s: a stranger's trace is linked, not joined", request[0].GetName(), request[0].trace())
	}
	if alone := keeper.find(func(q span) bool { return q.GetKind() == otlp.Span_SPAN_KIND_CLIENT && len(q.GetParentSpanId()) == 0 }); len(alone) > 0 {
		t.Errorf("%d queries that belong to nothing are traced, such as %s", len(alone), alone[0].GetName())
	}
	if log := api.log.String(); !strings.Contains(log, `"trace_id":"`+request[0].trace()+`"`) || !strings.Contains(log, `"request_id":"`+id+`"`) {
		t.Error("the log line of the request does not name its trace")
	}
}

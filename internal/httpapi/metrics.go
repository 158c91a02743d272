package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"trackbot/internal/fault"
)

// unmatched is the route of requests that fit no pattern of the contract, whatever they asked for.
const unmatched = "unmatched"

// requestMetrics count requests by pattern of the contract and class of status, never by path or caller:
// what a stranger sends makes no new series.
type requestMetrics struct {
	inFlight prometheus.Gauge
	problems *prometheus.CounterVec
	routes   map[string]*routeMetrics // by pattern, fixed
}

type routeMetrics struct {
	seconds prometheus.Observer
	classes [5]prometheus.Counter // by the first digit of the status, less one
}

// newRequestMetrics makes the series of all patterns and codes, so that each is there before its first request.
func newRequestMetrics(reg prometheus.Registerer, c *contract) *requestMetrics {
	f := promauto.With(reg)
	requests := f.NewCounterVec(prometheus.CounterOpts{
		Name: "trackbot_http_requests_total",
		Help: "Requests answered, by method, pattern of the contract and class of status; a caller who left before the answer counts as 4xx.",
	}, []string{"method", "route", "status"})
	seconds := f.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "trackbot_http_request_seconds",
		Help:    "Time from a request's head to the end of its answer; of a live stream, to its first event.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"method", "route"})
	m := &requestMetrics{
		routes: map[string]*routeMetrics{},
		inFlight: f.NewGauge(prometheus.GaugeOpts{
			Name: "trackbot_http_requests_in_flight", Help: "Requests that are being answered; live streams are not.",
		}),
		problems: f.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_http_problems_total", Help: "Problems answered, by code of the contract.",
		}, []string{"code"}),
	}
	for _, code := range c.doc.Components.Schemas["ProblemCode"].Value.Enum {
		m.problems.WithLabelValues(fmt.Sprint(code))
	}
	for _, pattern := range append(c.patterns(), unmatched) {
		method, route, found := strings.Cut(pattern, " ")
		if !found {
			method, route = "any", unmatched
		}
		r := &routeMetrics{seconds: seconds.WithLabelValues(method, route)}
		for i, class := range []string{"1xx", "2xx", "3xx", "4xx", "5xx"} {
			if i > 0 { // an interim answer ends no request
				r.classes[i] = requests.WithLabelValues(method, route, class)
			}
		}
		m.routes[pattern] = r
	}
	return m
}

// done counts an answered request.
func (m *requestMetrics) done(pattern string, status int, code fault.Code, took time.Duration) {
	r := m.routes[pattern]
	if r == nil {
		r = m.routes[unmatched]
	}
	if status < http.StatusOK || status > 599 {
		status = http.StatusInternalServerError
	}
	r.classes[status/100-1].Inc()
	r.seconds.Observe(took.Seconds())
	if code != "" {
		m.problems.WithLabelValues(string(code)).Inc()
	}
}

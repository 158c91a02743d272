package discord

import (
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// restMetrics count the calls. A nil *restMetrics counts nothing.
type restMetrics struct {
	requests *prometheus.CounterVec
	heldBack *prometheus.CounterVec
	duration *prometheus.HistogramVec
	waited   prometheus.Histogram
}

func newRESTMetrics(reg prometheus.Registerer) *restMetrics {
	if reg == nil {
		return nil
	}
	m := &restMetrics{
		requests: register(reg, prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_discord_requests_total",
			Help: "Requests sent to Discord by route and HTTP status; status 0 got no answer.",
		}, []string{"route", "status"})),
		heldBack: register(reg, prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_discord_held_back_total",
			Help: "Requests not sent because Discord would have refused them, by route and reason.",
		}, []string{"route", "reason"})),
		duration: register(reg, prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "trackbot_discord_request_seconds",
			Help:    "Time from sending a request to Discord to having read its answer.",
			Buckets: []float64{.025, .05, .1, .2, .4, .8, 1.6, 3.2, 6.4, 12.8},
		}, []string{"route"})),
		waited: register(reg, prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "trackbot_discord_limit_wait_seconds",
			Help:    "Time that a request waited in this process for a known limit of Discord's.",
			Buckets: []float64{.05, .25, 1, 5, 15, 60},
		})),
	}
	for _, reason := range []string{"user", "global", "shared", "address", "guard", "unauthorized", "canceled"} {
		m.heldBack.WithLabelValues("POST /channels/{channel}/messages", reason) // there before its first
	}
	return m
}

// countInvalid exposes what counts towards Discord's ban, and where the clients that share the count stop by themselves.
func countInvalid(reg prometheus.Registerer, limits *limiter) {
	if reg == nil {
		return
	}
	register(reg, prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "trackbot_discord_invalid_requests",
		Help: "Refused requests of the last ten minutes that count towards Discord's ban of the address.",
	}, func() float64 { return float64(limits.refused()) }))
	register(reg, prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "trackbot_discord_invalid_requests_limit",
		Help: "Refused requests in ten minutes at which nothing more is sent; Discord bans at 10,000.",
	})).Set(float64(limits.guard.guard.limit))
}

func (m *restMetrics) waitedFor(d time.Duration) {
	if m != nil {
		m.waited.Observe(d.Seconds())
	}
}

// register returns the collector of the same name that reg already has, if any:
// several clients of one process count together.
func register[T prometheus.Collector](reg prometheus.Registerer, c T) T {
	err := reg.Register(c)
	if twice, ok := errors.AsType[prometheus.AlreadyRegisteredError](err); ok {
		if have, ok := twice.ExistingCollector.(T); ok {
			return have
		}
	}
	return c
}

func (m *restMetrics) answered(route string, status int) {
	if m != nil {
		m.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	}
}

func (m *restMetrics) unanswered(route string) { m.answered(route, 0) }

func (m *restMetrics) took(route string, d time.Duration) {
	if m != nil {
		m.duration.WithLabelValues(route).Observe(d.Seconds())
	}
}

func (m *restMetrics) held(route string, err error) {
	if m == nil {
		return
	}
	reason := "canceled"
	if e, ok := errors.AsType[*RateLimitError](err); ok {
		reason = e.Scope
	} else if errors.Is(err, ErrInvalidRequestGuard) {
		reason = "guard"
	} else if errors.Is(err, ErrUnauthorized) {
		reason = "unauthorized"
	}
	m.heldBack.WithLabelValues(route, reason).Inc()
}

package worker

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"trackbot/internal/source"
	"trackbot/internal/tracking"
)

// metrics count what the worker does; without a registerer nobody reads them.
type metrics struct {
	polls     *prometheus.CounterVec
	lag       prometheus.Histogram
	fetch     *prometheus.HistogramVec
	success   prometheus.Gauge
	measured  *prometheus.CounterVec
	incidents *prometheus.GaugeVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	make := promauto.With(reg)
	m := &metrics{
		polls: make.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_polls_total",
			Help: "Polls by platform and outcome: ok, put_off for a busy host, or the kind of failure.",
		}, []string{"platform", "outcome"}),
		lag: make.NewHistogram(prometheus.HistogramOpts{
			Name:    "trackbot_poll_lag_seconds",
			Help:    "Time from a source being due to a worker taking it.",
			Buckets: []float64{.25, .5, 1, 2, 5, 10, 30, 60, 300, 1800},
		}),
		fetch: make.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "trackbot_fetch_seconds",
			Help:    "Time that asking a platform for an account's posts took, by platform, whatever the answer.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20},
		}, []string{"platform"}),
		success: make.NewGauge(prometheus.GaugeOpts{
			Name: "trackbot_fetch_last_success_timestamp_seconds",
			Help: "When a platform last gave a usable answer to this worker; at first, when the worker began.",
		}),
		measured: make.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_measured_posts_total",
			Help: "Posts measured by platform and outcome: told, gone, untold or failed.",
		}, []string{"platform", "outcome"}),
		incidents: make.NewGaugeVec(prometheus.GaugeOpts{
			Name: "trackbot_platform_incidents",
			Help: "Open incidents by platform, as each worker last saw them.",
		}, []string{"platform"}),
	}
	m.open(nil)
	for _, platform := range platforms() { // each is there before its first poll
		m.polls.WithLabelValues(platform, "ok")
		m.polls.WithLabelValues(platform, "put_off")
		m.fetch.WithLabelValues(platform)
		m.measured.WithLabelValues(platform, "told")
	}
	m.success.SetToCurrentTime()
	return m
}

// polled counts the end of a poll.
func (m *metrics) polled(platform, outcome string) {
	m.polls.WithLabelValues(platform, outcome).Inc()
	if outcome == "ok" {
		m.success.SetToCurrentTime()
	}
}

// outcome names the end of a poll.
func outcome(end tracking.Finished) string {
	switch {
	case !end.Asked:
		return "put_off"
	case end.PolledAt != nil:
		return "ok"
	default:
		return end.FailureKind
	}
}

func (m *metrics) claimed(due []tracking.Due) {
	now := time.Now()
	for _, d := range due {
		m.lag.Observe(max(now.Sub(d.DueAt), 0).Seconds())
	}
}

func (m *metrics) measuredPosts(batch tracking.MeasureBatch, got source.Measured) {
	gone := 0
	for _, figures := range got.Figures {
		if figures.Gone {
			gone++
		}
	}
	for outcome, n := range map[string]int{
		"told": len(got.Figures) - gone, "gone": gone, "failed": len(got.Failed), "untold": len(batch.Posts) - len(got.Figures) - len(got.Failed),
	} {
		m.measured.WithLabelValues(batch.Platform, outcome).Add(float64(max(n, 0)))
	}
}

func platforms() []string {
	return []string{source.RSS, source.Bluesky, source.Mastodon, source.YouTube, source.Twitch}
}

func (m *metrics) open(incidents map[string]int64) {
	for _, platform := range platforms() {
		m.incidents.WithLabelValues(platform).Set(float64(incidents[platform]))
	}
}

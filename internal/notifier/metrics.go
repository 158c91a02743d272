package notifier

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"trackbot/internal/delivery"
)

// metrics count what becomes of messages. Kinds and outcomes are closed lists.
type metrics struct {
	outcomes *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics(reg prometheus.Registerer, n *Notifier) *metrics {
	f := promauto.With(reg)
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "trackbot_sending_held_seconds", Help: "How long all sending stands still from now on, for Discord's sake; 0: it does not.",
	}, func() float64 { return max(n.held(), 0).Seconds() })
	f.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "trackbot_sending_channels", Help: "Channels that are being served.",
	}, func() float64 { return float64(n.cfg.Channels - n.free()) })
	m := &metrics{
		outcomes: f.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_deliveries_total",
			Help: "Tries to deliver by kind of message and outcome: sent, found (an earlier try had arrived), retry, waiting, dead or paused.",
		}, []string{"kind", "outcome"}),
		seconds: f.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "trackbot_delivery_seconds",
			Help:    "Age of a post when Discord had it, since it was published or detected. Posts that were held, digested or sent by hand are not counted.",
			Buckets: []float64{.25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 21600},
		}, []string{"since"}),
	}
	m.seconds.WithLabelValues("published")
	m.seconds.WithLabelValues("detected")
	for _, kind := range []string{delivery.KindPost, delivery.KindBreakout, delivery.KindDigest, delivery.KindNotice} {
		for _, outcome := range []string{"sent", "found", "retry", "waiting", "dead", "paused"} {
			m.outcomes.WithLabelValues(kind, outcome)
		}
	}
	return m
}

func (m *metrics) delivered(d *delivery.Delivery, event string, now time.Time) {
	m.outcomes.WithLabelValues(d.Kind, event).Inc()
	published, detected, ok := d.Came()
	if !ok {
		return
	}
	m.seconds.WithLabelValues("published").Observe(now.Sub(published).Seconds())
	m.seconds.WithLabelValues("detected").Observe(now.Sub(detected).Seconds())
}

// refused counts a message that was not accepted; before is how many tries it had used up until then.
func (m *metrics) refused(d *delivery.Delivery, s delivery.Step, before int) {
	outcome := "waiting" // a limit or a guard: no try was used up
	switch {
	case s.PauseChannel:
		outcome = "paused"
	case s.State == delivery.StateDead:
		outcome = "dead"
	case s.Attempts > before:
		outcome = "retry"
	}
	m.outcomes.WithLabelValues(d.Kind, outcome).Inc()
}

package live

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	open    prometheus.Gauge
	sent    prometheus.Counter
	refused prometheus.Counter
}

func newMetrics(r prometheus.Registerer) metrics {
	m := metrics{
		open: prometheus.NewGauge(prometheus.GaugeOpts{Name: "trackbot_live_streams", Help: "Live streams that are open."}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "trackbot_live_refused_total", Help: "Live streams refused because the process has as many as it may.",
		}),
		sent: prometheus.NewCounter(prometheus.CounterOpts{Name: "trackbot_live_frames_total", Help: "Frames written to live streams, comments included."}),
	}
	if r != nil {
		r.MustRegister(m.open, m.sent, m.refused)
	}
	return m
}

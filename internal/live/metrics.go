package live

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	open prometheus.Gauge
	sent prometheus.Counter
}

func newMetrics(r prometheus.Registerer) metrics {
	m := metrics{
		open: prometheus.NewGauge(prometheus.GaugeOpts{Name: "trackbot_live_streams", Help: "Live streams that are open."}),
		sent: prometheus.NewCounter(prometheus.CounterOpts{Name: "trackbot_live_frames_total", Help: "Frames written to live streams, comments included."}),
	}
	if r != nil {
		r.MustRegister(m.open, m.sent)
	}
	return m
}

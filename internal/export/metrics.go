package export

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"trackbot/internal/store/db"
)

// metrics count tries to make a file.
type metrics struct {
	tries *prometheus.CounterVec
	rows  prometheus.Counter
	took  *prometheus.HistogramVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	f := promauto.With(reg)
	m := &metrics{
		tries: f.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_exports_total",
			Help: "Tries to make an export by what it is of and outcome: made, refused (it cannot be), retried, failed, dropped (deleted or taken over) or returned (the worker stops).",
		}, []string{"kind", "outcome"}),
		rows: f.NewCounter(prometheus.CounterOpts{Name: "trackbot_export_rows_total", Help: "Rows of the exports made."}),
		took: f.NewHistogramVec(prometheus.HistogramOpts{
			Name: "trackbot_export_seconds", Help: "Time that making an export took, by format.", Buckets: []float64{.1, .5, 1, 5, 15, 60, 300, 1800},
		}, []string{"format"}),
	}
	for _, kind := range []Kind{Posts, Accounts, Audit, Usage} { // each is there before its first export
		for _, outcome := range []string{"made", "refused", "retried", "failed", "dropped", "returned"} {
			m.tries.WithLabelValues(string(kind), outcome)
		}
	}
	for _, format := range []Format{CSV, XLSX, JSONL} {
		m.took.WithLabelValues(string(format))
	}
	return m
}

func (m *metrics) made(e db.Export, rows int64, took time.Duration) {
	m.ended(e, "made")
	m.rows.Add(float64(rows))
	m.took.WithLabelValues(e.Format).Observe(took.Seconds())
}

func (m *metrics) ended(e db.Export, outcome string) { m.tries.WithLabelValues(e.Kind, outcome).Inc() }

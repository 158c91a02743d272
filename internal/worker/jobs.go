package worker

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Jobs count the rounds of what recurs in a process. It is safe for concurrent use.
type Jobs struct {
	runs *prometheus.CounterVec
	took *prometheus.HistogramVec
	last *prometheus.GaugeVec
}

// NewJobs returns counters; reg, if not nil, takes them.
func NewJobs(reg prometheus.Registerer) *Jobs {
	f := promauto.With(reg)
	return &Jobs{
		runs: f.NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_task_runs_total", Help: "Rounds of what recurs, by task and outcome: ok or failed.",
		}, []string{"task", "outcome"}),
		took: f.NewHistogramVec(prometheus.HistogramOpts{
			Name: "trackbot_task_seconds", Help: "Time that a round of a task took.", Buckets: []float64{.01, .1, 1, 10, 60, 600},
		}, []string{"task"}),
		last: f.NewGaugeVec(prometheus.GaugeOpts{
			Name: "trackbot_task_last_success_timestamp_seconds", Help: "When a round of a task last succeeded; at first, when the process began.",
		}, []string{"task"}),
	}
}

// Watch returns round, counted under a name. Names are few and fixed: each makes series.
func (j *Jobs) Watch(name string, round func(context.Context) error) func(context.Context) error {
	ok, failed := j.runs.WithLabelValues(name, "ok"), j.runs.WithLabelValues(name, "failed")
	took, last := j.took.WithLabelValues(name), j.last.WithLabelValues(name)
	last.SetToCurrentTime()
	return func(ctx context.Context) error {
		began := time.Now()
		err := round(ctx)
		switch {
		case err == nil:
			ok.Inc()
			last.SetToCurrentTime()
		case ctx.Err() == nil: // one that the end of the process cuts off has not failed
			failed.Inc()
		}
		took.Observe(time.Since(began).Seconds())
		return err
	}
}

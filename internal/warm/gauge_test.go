package warm_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

type gauge struct{ *prometheus.Registry }

func newGauge() gauge { return gauge{prometheus.NewRegistry()} }

// bytes reads how much memory the answers take.
func (g gauge) bytes(t *testing.T) float64 {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "trackbot_warm_bytes" {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatal("no gauge")
	return 0
}

package notifier_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/internal/notifier"
	"trackbot/internal/sim"
)

// figures reads what a registry tells, histograms by their count; the key is the name with the label values.
func figures(t *testing.T, reg *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			key := f.GetName()
			for _, l := range m.GetLabel() {
				key += " " + l.GetValue()
			}
			out[key] = m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return out
}

func TestDeliveriesAreCountedWithTheTimeTheyTook(t *testing.T) {
	t.Parallel()
	s, reg := newStage(t, fast()), prometheus.NewRegistry()
	stop := s.start(t, s.connect(), notifier.Config{Registerer: reg})
	s.client.Posts(t, 3)
	s.awaitState(t, "sent", 3)
	s.sim.AddFault(sim.Fault{Method: "POST", Path: anyMessages, Status: 503, Times: 1})
	s.client.Posts(t, 1)
	s.awaitState(t, "retry", 1)
	s.age(t)
	s.awaitState(t, "sent", 4)
	s.sim.AddFault(sim.Fault{Method: "POST", Path: anyMessages, Status: 403, Body: `{"code":50013,"message":"Missing Permissions"}`, Times: 1})
	s.client.Posts(t, 1)
	await(t, "the channel's pause", func() bool {
		return s.Count(t, `SELECT count(*) FROM guild_channels WHERE paused_at IS NOT NULL`) == 1
	})
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	got := figures(t, reg)
	for key, want := range map[string]float64{
		"trackbot_deliveries_total post sent": 4, "trackbot_deliveries_total post retry": 1, "trackbot_deliveries_total post paused": 1,
		"trackbot_deliveries_total post dead": 0, "trackbot_delivery_seconds published": 4, "trackbot_delivery_seconds detected": 4,
		"trackbot_sending_held_seconds": 0, "trackbot_sending_channels": 0,
	} {
		if value, ok := got[key]; !ok || value != want {
			t.Errorf("%s is %v (told: %t), want %v", key, value, ok, want)
		}
	}
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

package store_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

func TestThePoolTellsItsConnectionsAndWhoTookOne(t *testing.T) {
	t.Parallel()
	st, err := store.Open(t.Context(), testkit.NewDB(t).OwnerURL, store.RoleWorker, store.WithMaxConns(3))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	reg := prometheus.NewRegistry()
	reg.MustRegister(st.Collector(store.RoleWorker))
	value := func(name, state string) float64 {
		t.Helper()
		families, err := reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			for _, m := range f.GetMetric() {
				labels := map[string]string{}
				for _, l := range m.GetLabel() {
					labels[l.GetName()] = l.GetValue()
				}
				if f.GetName() == name && labels["role"] == "trackbot_worker" && labels["state"] == state {
					return m.GetGauge().GetValue() + m.GetCounter().GetValue()
				}
			}
		}
		t.Fatalf("no %s of state %q", name, state)
		return 0
	}
	if got := value("trackbot_db_pool_connections_limit", ""); got != 3 {
		t.Errorf("limit %v", got)
	}
	before := value("trackbot_db_pool_acquires_total", "")
	err = st.InTx(t.Context(), func(store.Conn) error {
		if got := value("trackbot_db_pool_connections", "in_use"); got != 1 {
			t.Errorf("%v in use within a transaction", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := value("trackbot_db_pool_acquires_total", ""); got != before+1 {
		t.Errorf("%v acquires, had %v", got, before)
	}
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

package worker_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/internal/worker"
)

func TestRoundsOfAJobAreCountedByHowTheyEnd(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	var fault error
	round := worker.NewJobs(reg).Watch("sweep", func(context.Context) error { return fault })
	stopped, stop := context.WithCancel(t.Context())
	if err := round(t.Context()); err != nil {
		t.Fatal(err)
	}
	fault = errors.New("broke")
	if err := round(t.Context()); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	stop()
	_ = round(stopped)
	want := `# HELP trackbot_task_runs_total Rounds of what recurs, by task and outcome: ok or failed.
# TYPE trackbot_task_runs_total counter
trackbot_task_runs_total{outcome="failed",task="sweep"} 1
trackbot_task_runs_total{outcome="ok",task="sweep"} 1
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "trackbot_task_runs_total"); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.GatherAndLint(reg); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
}

package pulse_test

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"trackbot/internal/pulse"
)

func TestALoopThatStopsTurningIsNamedUntilItTurnsAgain(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	reg := prometheus.NewRegistry()
	board := pulse.NewBoard(reg, func() time.Time { return now })
	poll, send := board.Loop("poll", time.Minute), board.Loop("send", 5*time.Minute)
	if err := board.Stuck(); err != nil {
		t.Fatalf("a loop that has just begun: %v", err)
	}
	now = now.Add(time.Minute)
	if err := board.Stuck(); err != nil {
		t.Errorf("at the end of its patience: %v", err)
	}
	now = now.Add(time.Second)
	if err := board.Stuck(); err == nil || !strings.Contains(err.Error(), "loop poll has not turned for 1m1s") {
		t.Errorf("got %v", err)
	}
	poll.Beat()
	if err := board.Stuck(); err != nil {
		t.Errorf("after it turned: %v", err)
	}
	want := `# HELP trackbot_loop_last_pass_timestamp_seconds When a loop of the process last began a round, whatever became of it.
# TYPE trackbot_loop_last_pass_timestamp_seconds gauge
trackbot_loop_last_pass_timestamp_seconds{loop="poll"} 1.700000061e+09
trackbot_loop_last_pass_timestamp_seconds{loop="send"} 1.7e+09
`
	if err := testutil.GatherAndCompare(reg, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	now = now.Add(time.Hour)
	poll.Done()
	if err := board.Stuck(); err == nil || !strings.Contains(err.Error(), "send") {
		t.Errorf("of one that has ended and one that is stuck: %v", err)
	}
	send.Done()
	if err := board.Stuck(); err != nil {
		t.Errorf("after both have ended: %v", err)
	}
}

func TestALoopOfNoBoardIsWatchedByNobody(t *testing.T) {
	t.Parallel()
	var board *pulse.Board
	loop := board.Loop("poll", 0)
	loop.Beat()
	loop.Done()
	if err := board.Stuck(); err != nil {
		t.Error(err)
	}
}

// Package pulse tells whether the loops of a process still turn. A loop beats once a round, whatever the round
// brought: a database that is away is no reason to be restarted, a round that never ends is.
package pulse

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Board keeps the loops of a process. It is safe for concurrent use; a nil *Board gives loops that nobody watches.
type Board struct {
	now  func() time.Time
	last *prometheus.GaugeVec

	mu    sync.Mutex
	loops []*Loop
}

// NewBoard returns a board on a clock; reg, if not nil, takes the metric of the last rounds.
func NewBoard(reg prometheus.Registerer, now func() time.Time) *Board {
	return &Board{now: now, last: promauto.With(reg).NewGaugeVec(prometheus.GaugeOpts{
		Name: "trackbot_loop_last_pass_timestamp_seconds",
		Help: "When a loop of the process last began a round, whatever became of it.",
	}, []string{"loop"})}
}

// Loop is one of a process's loops. A nil *Loop is watched by nobody.
type Loop struct {
	name     string
	patience time.Duration
	board    *Board
	gauge    prometheus.Gauge
	last     atomic.Int64 // unix nanoseconds
}

// Loop adds a loop that is stuck when it has not begun a round for as long as patience. It counts from now.
func (b *Board) Loop(name string, patience time.Duration) *Loop {
	if b == nil {
		return nil
	}
	l := &Loop{name: name, patience: patience, board: b, gauge: b.last.WithLabelValues(name)}
	l.Beat()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.loops = append(b.loops, l)
	return l
}

// Beat says that a round begins.
func (l *Loop) Beat() {
	if l == nil {
		return
	}
	now := l.board.now()
	l.last.Store(now.UnixNano())
	l.gauge.Set(float64(now.UnixNano()) / 1e9)
}

// Done takes the loop off the board: it has ended as it should.
func (l *Loop) Done() {
	if l == nil {
		return
	}
	l.board.mu.Lock()
	defer l.board.mu.Unlock()
	l.board.loops = slices.DeleteFunc(l.board.loops, func(o *Loop) bool { return o == l })
}

// Stuck names the loop that has been stuck for the longest; nil: all turn.
func (b *Board) Stuck() error {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	loops := slices.Clone(b.loops)
	b.mu.Unlock()
	now := b.now()
	loops = slices.DeleteFunc(loops, func(l *Loop) bool { return l.still(now) <= l.patience })
	if len(loops) == 0 {
		return nil
	}
	worst := slices.MaxFunc(loops, func(a, b *Loop) int { return cmp.Compare(a.still(now), b.still(now)) })
	return fmt.Errorf("loop %s has not turned for %s", worst.name, worst.still(now).Round(time.Second))
}

func (l *Loop) still(now time.Time) time.Duration { return now.Sub(time.Unix(0, l.last.Load())) }

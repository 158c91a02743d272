// Package fleet divides what belongs to several processes together: the messages a second of a bot's token among the
// notifiers, the patience of a platform with one address among the workers behind it. Each process tells the database
// that it lives and counts the others; a share is one part of as many as there are.
//
//	Join ─► Beat: others counted, share told ──┐
//	          ▲            every few seconds   │
//	          └────────────────────────────────┘
//	Leave (or silence for Silent): the others' shares grow with their next beat
//
// While the database cannot be asked the share stays as it was last told. A process that joins is counted by the others with
// their next beat: for as long the shares may add up to more than the whole, which is then learnt by being refused.
package fleet

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

const (
	// Every is how often a process tells that it lives.
	Every = 5 * time.Second
	// Silent is how long a process counts after it was last heard of: three beats and something for a slow one.
	Silent = 18 * time.Second
)

// Discord is the budget of the bot's token.
const Discord = "discord"

// Platforms is the budget of the platforms' patience with the address of this name, "" being the one that is not named.
func Platforms(egress string) string { return "platforms " + egress }

// Member is a process that takes part in a budget. It is for one goroutine.
type Member struct {
	st     *store.Store
	q      *db.Queries
	id     uuid.UUID
	budget string
	divide func(among int)
	gauge  prometheus.Gauge
	among  int
}

// Join makes a process a member; Beat tells the database. divide is told of each other number of members, from 1.
func Join(st *store.Store, budget string, divide func(among int), reg prometheus.Registerer) *Member {
	gauge := promauto.With(reg).NewGauge(prometheus.GaugeOpts{
		Name: "trackbot_budget_members", Help: "Processes among which this one's budget (messages of the token, patience of platforms) is divided.",
	})
	gauge.Set(1)
	return &Member{st: st, q: db.New(), id: uuid.New(), budget: budget, divide: divide, gauge: gauge, among: 1}
}

// Beat tells that the process lives and takes its share among those that do.
func (m *Member) Beat(ctx context.Context) error {
	others, err := m.q.BeatProcess(ctx, m.st.Shared(), db.BeatProcessParams{ID: m.id, Budget: m.budget, SilentSeconds: Silent.Seconds()})
	if err != nil {
		return fmt.Errorf("count processes of %s: %w", m.budget, err)
	}
	if among := int(others) + 1; among != m.among {
		m.among = among
		m.divide(among)
		m.gauge.Set(float64(among))
	}
	return nil
}

// Leave gives the share back.
func (m *Member) Leave(ctx context.Context) error {
	if err := m.q.LeaveProcesses(ctx, m.st.Shared(), m.id); err != nil {
		return fmt.Errorf("leave processes of %s: %w", m.budget, err)
	}
	return nil
}

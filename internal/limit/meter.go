package limit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// flushEvery is how much of the count a process that is killed may lose.
const flushEvery = 5 * time.Second

// Meter keeps what is to be added to tenants' usage, by UTC day, and adds it now and then. A limiter counts requests in the
// database before it lets them pass, so that a process that is killed loses none, and gives the meter what was counted too
// much: what is lost with the process is at most that. It is safe for concurrent use.
type Meter struct {
	store *store.Store
	q     *db.Queries
	log   *slog.Logger
	now   func() time.Time

	mu     sync.Mutex
	settle func() // before each flush
	counts map[meterKey]int64
}

type meterKey struct {
	clientID uuid.UUID
	day      time.Time
}

// NewMeter returns a Meter over the API's store.
func NewMeter(st *store.Store, log *slog.Logger, now func() time.Time) *Meter {
	return &Meter{store: st, q: db.New(), log: log, now: now, counts: map[meterKey]int64{}}
}

// Count counts one request of a tenant.
func (m *Meter) Count(clientID uuid.UUID) {
	key := meterKey{clientID, m.now().UTC().Truncate(24 * time.Hour)}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[key]++
}

func (m *Meter) add(key meterKey, n int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[key] += n
}

// Run stores the counts every few seconds until ctx ends. Flush once more after the last request.
func (m *Meter) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := m.Flush(ctx); err != nil && ctx.Err() == nil {
				m.log.ErrorContext(ctx, "requests not metered yet", "error", err.Error())
			}
		}
	}
}

// Flush stores what was counted. What cannot be stored stays counted for the next time, but for
// a tenant that is no more.
func (m *Meter) Flush(ctx context.Context) error {
	m.mu.Lock()
	settle := m.settle
	m.mu.Unlock()
	if settle != nil {
		settle()
	}
	m.mu.Lock()
	counts := m.counts
	m.counts = map[meterKey]int64{}
	m.mu.Unlock()
	var failed error
	for key, n := range counts {
		err := m.q.AddAPIRequests(ctx, m.store.Tenant(key.clientID), db.AddAPIRequestsParams{ClientID: key.clientID, Day: key.day, Requests: n})
		if _, gone := store.IsMissingReference(err); err == nil || gone {
			delete(counts, key)
			continue
		}
		failed = errors.Join(failed, fmt.Errorf("meter requests of %s: %w", key.clientID, err))
		if ctx.Err() != nil {
			break
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, n := range m.counts {
		counts[key] += n
	}
	m.counts = maps.Clone(counts)
	return failed
}

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

	"trackbot/internal/delivery"
	"trackbot/internal/plan"
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
	counts map[meterKey]tally
}

type meterKey struct {
	clientID uuid.UUID
	day      time.Time
}

// tally is what is to be added to a day's use.
type tally struct{ passed, refused int64 }

func (t tally) plus(other tally) tally {
	return tally{t.passed + other.passed, t.refused + other.refused}
}

// NewMeter returns a Meter over the API's store.
func NewMeter(st *store.Store, log *slog.Logger, now func() time.Time) *Meter {
	return &Meter{store: st, q: db.New(), log: log, now: now, counts: map[meterKey]tally{}}
}

// Count counts one request of a tenant.
func (m *Meter) Count(clientID uuid.UUID) {
	m.put(m.today(clientID), tally{passed: 1})
}

// Refuse counts one request of a tenant that was refused for its number.
func (m *Meter) Refuse(clientID uuid.UUID) { m.put(m.today(clientID), tally{refused: 1}) }

func (m *Meter) today(clientID uuid.UUID) meterKey {
	return meterKey{clientID, m.now().UTC().Truncate(24 * time.Hour)}
}

func (m *Meter) add(key meterKey, n int64) { m.put(key, tally{passed: n}) }

func (m *Meter) put(key meterKey, t tally) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counts[key] = m.counts[key].plus(t)
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
	m.counts = map[meterKey]tally{}
	m.mu.Unlock()
	var failed error
	for key, n := range counts {
		err := m.write(ctx, key, n)
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
		counts[key] = counts[key].plus(n)
	}
	m.counts = maps.Clone(counts)
	return failed
}

// RefusedWorthAWord is from how many refused requests of a day on a tenant's managers are told: fewer are a busy minute.
const RefusedWorthAWord = 100

// write adds to a day's use, and tells the managers once when so many requests were refused on it.
func (m *Meter) write(ctx context.Context, key meterKey, n tally) error {
	params := db.AddAPIRequestsParams{ClientID: key.clientID, Day: key.day, Requests: n.passed, Refused: n.refused}
	if n.refused == 0 {
		_, err := m.q.AddAPIRequests(ctx, m.store.Tenant(key.clientID), params)
		return err
	}
	return m.store.InTenantTx(ctx, key.clientID, func(tx store.Conn) error {
		refused, err := m.q.AddAPIRequests(ctx, tx, params)
		if err != nil || refused < RefusedWorthAWord || refused-n.refused >= RefusedWorthAWord {
			return err
		}
		e, err := plan.Of(ctx, tx, key.clientID)
		if err != nil {
			return err
		}
		return delivery.Raise(ctx, tx, delivery.Alert{
			ClientID: key.clientID, Subject: "plan_requests:refused", Since: key.day, Message: refusedMessage(refused, e),
		})
	})
}

const warningColor = 0xF0B232

func refusedMessage(refused int64, e db.Entitlement) delivery.Message {
	return delivery.Message{
		Title: fmt.Sprintf("%d requests to Trackbot's API were refused today", refused), Color: warningColor,
		Body: fmt.Sprintf("They came faster than the %d a minute of the %s plan. A program should wait as the answer's Retry-After says, or ask less often; "+
			"a larger plan allows more.", e.ApiRequestsPerMinute, e.Tier),
	}
}

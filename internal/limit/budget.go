package limit

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/store/db"
)

const (
	// Burst is how far ahead of its rate a tenant may be: a page that asks for ten things at once,
	// or one busy member, does not use up what is there for the others.
	Burst     = 5 * time.Minute
	leaseLife = 3 * time.Second // a twentieth of a minute, as TakeFromBudget grants
)

// budgets are the tenants' shares, by tier, or those of their keys.
type budgets struct {
	shared *shared
	meter  *Meter // of a tenant's requests; nil: they are not counted
	policy string
	parts  int // a key has one of them of the tenant's rate
	least  int // requests a minute: one user alone may always use what a user may

	mu   sync.Mutex
	byID map[uuid.UUID]*budget
}

// budget is what this process holds of one tenant's.
type budget struct {
	policy     string
	mu         sync.Mutex // held while the database is asked: the others wait for the same grant
	perMinute  int
	left       int       // granted and not used
	leaseEnds  time.Time // of what is left
	meter      *Meter
	key        meterKey  // whose count what is left stands in already
	free       int       // in the shared budget, when last asked
	due        time.Time // when the shared budget is full again; without a database, the own one
	emptyUntil time.Time
}

func newBudgets(s *shared, policy string, parts, least int) *budgets {
	return &budgets{shared: s, policy: policy, parts: parts, least: least, byID: map[uuid.UUID]*budget{}}
}

// take counts one request of id, a tenant or a key of it.
func (bs *budgets) take(ctx context.Context, clientID, id uuid.UUID) Verdict {
	b := bs.of(id)
	b.mu.Lock()
	defer b.mu.Unlock()
	now := bs.shared.now()
	switch {
	case now.Before(b.emptyUntil):
		return b.verdict(now, true)
	case b.left > 0 && now.Before(b.leaseEnds):
		b.left--
		return b.verdict(now, false)
	}
	var row db.TakeFromBudgetRow
	params := bs.question(b, clientID, id, now)
	answered := bs.shared.ask(ctx, func(ctx context.Context) (err error) {
		row, err = bs.shared.q.TakeFromBudget(ctx, bs.shared.store.Tenant(clientID), params)
		return err
	})
	if now = bs.shared.now(); answered {
		return b.lease(now, row)
	}
	return b.alone(now)
}

// question is what the shared budget is asked for the next lease.
func (bs *budgets) question(b *budget, clientID, id uuid.UUID, now time.Time) db.TakeFromBudgetParams {
	b.giveBack()
	b.key = meterKey{clientID, now.UTC().Truncate(24 * time.Hour)}
	return db.TakeFromBudgetParams{
		Bucket: bs.policy + ":" + id.String(), ClientID: clientID, Parts: int32(bs.parts), BurstSeconds: Burst.Seconds(), AtLeast: int32(bs.least),
		Day: b.key.day, Metered: bs.meter != nil,
	}
}

func (bs *budgets) of(id uuid.UUID) *budget {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	b := bs.byID[id]
	if b == nil {
		if len(bs.byID) >= maxKeys {
			for _, old := range bs.byID {
				old.mu.Lock()
				old.giveBack()
				old.mu.Unlock()
			}
			clear(bs.byID) // a lease is worth one query
		}
		b = &budget{policy: bs.policy, perMinute: bs.least, meter: bs.meter}
		bs.byID[id] = b
	}
	return b
}

// lease takes over what the shared budget granted.
func (b *budget) lease(now time.Time, row db.TakeFromBudgetRow) Verdict {
	b.perMinute = max(int(row.PerMinute), 1)
	ahead := time.Duration(row.DueInSeconds * float64(time.Second))
	b.due = now.Add(ahead)
	b.free = int(math.Floor(float64(Burst-ahead) / float64(b.cell())))
	if row.Granted < 1 {
		b.left, b.emptyUntil = 0, now.Add(max(ahead+b.cell()-Burst, time.Millisecond))
		return b.verdict(now, true)
	}
	b.left, b.leaseEnds = int(row.Granted)-1, now.Add(leaseLife)
	return b.verdict(now, false)
}

// alone is the budget without the others: GCRA in this process.
func (b *budget) alone(now time.Time) Verdict {
	due := b.due
	if due.Before(now) {
		due = now
	}
	due = due.Add(b.cell())
	b.left, b.free = 0, int((Burst-due.Sub(now))/b.cell())
	if ahead := due.Sub(now); ahead > Burst {
		b.emptyUntil = now.Add(ahead - Burst)
		return b.verdict(now, true)
	}
	b.due = due
	if b.meter != nil {
		b.meter.add(b.key, 1)
	}
	return b.verdict(now, false)
}

// giveBack takes what was granted and not used out of the count of requests.
func (b *budget) giveBack() {
	if b.meter != nil && b.left > 0 {
		b.meter.add(b.key, int64(-b.left))
	}
	b.left = 0
}

// giveBack does so of all leases that have ended, or of all.
func (bs *budgets) giveBack(all bool) {
	bs.mu.Lock()
	held := slices.Collect(maps.Values(bs.byID))
	bs.mu.Unlock()
	now := bs.shared.now()
	for _, b := range held {
		b.mu.Lock()
		if all || !now.Before(b.leaseEnds) {
			b.giveBack()
		}
		b.mu.Unlock()
	}
}

// cell is the time that one request costs.
func (b *budget) cell() time.Duration { return time.Minute / time.Duration(b.perMinute) }

func (b *budget) verdict(now time.Time, refused bool) Verdict {
	v := Verdict{
		Policy: b.policy, Quota: b.perMinute * int(Burst/time.Minute), Window: Burst,
		Remaining: max(b.free+b.left, 0), Reset: max(b.due.Sub(now), 0), Refused: refused,
	}
	if refused {
		v.Remaining, v.Reset = 0, max(b.emptyUntil.Sub(now), 0)
	}
	return v
}

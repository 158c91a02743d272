package limit

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Foresee tells what User and Tenant will ask for a request, to be asked in one round trip with more. What is granted is
// held for the request and counts for nothing until it is taken: an entry of a user's log that is not taken is given
// back with the user's next question, a tenant's lease serves whoever comes.
func (l *Limiter) Foresee(userID string, clientID uuid.UUID) []store.Question {
	var out []store.Question
	if exact, ok := l.users.(*capped); ok {
		out = exact.foresee(userID)
	}
	return append(out, l.tenants.foresee(clientID, clientID)...)
}

// ForeseeKey tells what Key and Tenant will ask for a request of a tenant's API key.
func (l *Limiter) ForeseeKey(clientID, keyID uuid.UUID) []store.Question {
	return slices.Concat(l.keys.foresee(clientID, keyID), l.tenants.foresee(clientID, clientID))
}

// foresee asks for an entry before its attempt, unless there is one or none is to be had, or somebody else is at it.
func (c *capped) foresee(key string) []store.Question {
	if c.shared.down() {
		return nil
	}
	now := c.shared.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	log := c.of(key, now)
	held := log.slice.left > 0 && now.Before(log.slice.until)
	if held || log.slicing || now.Before(log.fullUntil) || len(log.at) >= c.quota {
		return nil
	}
	q := c.question(log, now, aheadHold)
	q.ahead, log.slicing = true, true
	var row db.TakeFromLogRow
	return []store.Question{{
		On: c.shared.store.Shared(),
		Read: func(ctx context.Context, conn store.Conn) (err error) {
			row, err = c.shared.q.TakeFromLog(ctx, conn, c.params(key, q))
			return err
		},
		Done: func(err error) {
			if err != nil {
				row.Granted = -1
			}
			c.settle(key, q, row, Verdict{})
		},
	}}
}

// foresee asks for a lease unless there is one or none is to be had, or somebody else is at it. The budget is held until
// the answer has come, as take does.
func (bs *budgets) foresee(clientID, id uuid.UUID) []store.Question {
	b := bs.of(id)
	if bs.shared.down() || !b.mu.TryLock() {
		return nil
	}
	now := bs.shared.now()
	if now.Before(b.emptyUntil) || b.left > 0 && now.Before(b.leaseEnds) {
		b.mu.Unlock()
		return nil
	}
	var row db.TakeFromBudgetRow
	params := bs.question(b, clientID, id, now)
	return []store.Question{{
		On: bs.shared.store.Tenant(clientID),
		Read: func(ctx context.Context, conn store.Conn) (err error) {
			row, err = bs.shared.q.TakeFromBudget(ctx, conn, params)
			return err
		},
		Done: func(err error) {
			defer b.mu.Unlock()
			if err != nil {
				return
			}
			if v := b.lease(bs.shared.now(), row); !v.Refused {
				b.left++ // the request has not come yet
			}
		},
	}}
}

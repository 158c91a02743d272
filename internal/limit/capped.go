package limit

import (
	"context"
	"slices"
	"sync"
	"time"

	"trackbot/internal/store/db"
)

// capped is an exact cap: at most quota within any window.
type capped struct {
	shared *shared
	name   string
	quota  int
	window time.Duration

	mu   sync.Mutex
	logs map[string]*ownLog // guarded by mu, and so are its values
}

// ownLog is what this process knows of one caller.
type ownLog struct {
	at        []time.Time // what this process let through or is asking about, oldest first
	fullUntil time.Time   // of the shared log
}

func newCapped(s *shared, name string, quota int, window time.Duration) *capped {
	return &capped{shared: s, name: name, quota: quota, window: window, logs: map[string]*ownLog{}}
}

func (c *capped) take(ctx context.Context, key string) Verdict {
	noted, verdict := c.note(key)
	if verdict.Refused {
		return verdict
	}
	var row db.TakeFromLogRow
	answered := c.shared.ask(ctx, func(ctx context.Context) (err error) {
		row, err = c.shared.q.TakeFromLog(ctx, c.shared.store.Shared(), db.TakeFromLogParams{
			Bucket: c.name + ":" + key, MaxEvents: int32(c.quota), WindowSeconds: c.window.Seconds(),
		})
		return err
	})
	if !answered {
		return verdict
	}
	return c.settle(key, noted, row)
}

// note enters the attempt into the own log, or refuses it.
func (c *capped) note(key string) (time.Time, Verdict) {
	now := c.shared.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	log := c.logs[key]
	if log == nil {
		if len(c.logs) >= maxKeys {
			c.makeRoom(now)
		}
		log = &ownLog{}
		c.logs[key] = log
	}
	log.forget(now.Add(-c.window))
	switch {
	case now.Before(log.fullUntil):
		return now, c.refusal(log.fullUntil.Sub(now))
	case len(log.at) >= c.quota:
		return now, c.refusal(log.at[0].Add(c.window).Sub(now))
	}
	log.at = append(log.at, now)
	return now, c.verdict(len(log.at), log.at[0].Add(c.window).Sub(now))
}

// settle takes over what the shared log says of an attempt that note has entered.
func (c *capped) settle(key string, noted time.Time, row db.TakeFromLogRow) Verdict {
	reset := time.Duration(row.ResetsInSeconds * float64(time.Second))
	c.mu.Lock()
	defer c.mu.Unlock()
	log := c.logs[key]
	if log == nil { // made room for others
		log = &ownLog{}
	}
	if int(row.Used) >= c.quota {
		log.fullUntil = c.shared.now().Add(reset)
	}
	if row.Admitted {
		return c.verdict(int(row.Used), reset)
	}
	if i := slices.Index(log.at, noted); i >= 0 {
		log.at = slices.Delete(log.at, i, i+1)
	}
	return c.refusal(reset)
}

func (c *capped) verdict(used int, reset time.Duration) Verdict {
	return Verdict{Policy: c.name, Quota: c.quota, Window: c.window, Remaining: max(c.quota-used, 0), Reset: max(reset, 0)}
}

func (c *capped) refusal(wait time.Duration) Verdict {
	v := c.verdict(c.quota, wait)
	v.Refused = true
	return v
}

// makeRoom drops callers who are idle, and if there are none an eighth of all: the shared log still has them.
func (c *capped) makeRoom(now time.Time) {
	for key, log := range c.logs {
		if log.forget(now.Add(-c.window)); len(log.at) == 0 && !now.Before(log.fullUntil) {
			delete(c.logs, key)
		}
	}
	for key := range c.logs {
		if len(c.logs) < maxKeys*7/8 {
			return
		}
		delete(c.logs, key)
	}
}

// forget drops what is older than the window.
func (l *ownLog) forget(before time.Time) {
	n := 0
	for n < len(l.at) && !l.at[n].After(before) {
		n++
	}
	l.at = slices.Delete(l.at, 0, n)
}

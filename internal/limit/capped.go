package limit

import (
	"context"
	"slices"
	"sync"
	"time"

	"trackbot/internal/store/db"
)

const (
	sliceHold = 500 * time.Millisecond // how long entries that were taken at once may be used
	aheadHold = 100 * time.Millisecond // and one that was taken before its request had been let in
	sliceMost = 8                      // entries taken at once
	paceSpan  = time.Second            // what was let through lately tells how many
	aloneFor  = 3                      // questions in which nobody else's entries were seen
)

// capped is an exact cap: at most quota within any window.
type capped struct {
	shared *shared
	name   string
	quota  int
	window time.Duration
	sliced bool // entries may be taken several at once

	mu   sync.Mutex
	logs map[string]*ownLog // guarded by mu, and so are its values
}

// ownLog is what this process knows of one caller.
type ownLog struct {
	at        []time.Time // what this process let through or is asking about, oldest first
	fullUntil time.Time   // of the shared log
	slice     slice
	slicing   bool    // another slice is being asked for
	taken     []taken // entries of the shared log that this process took
	used      int     // entries in the shared log when it was last asked
	alone     int     // questions in a row after which all of them were this process's
}

// slice is what is left of several entries that were taken at once.
type slice struct {
	left  int
	until time.Time // by this process's clock
	dated time.Time // in the shared log
}

// taken is how many entries leave the shared log at about a time.
type taken struct {
	leave time.Time
	n     int
}

// question is what the shared log is asked for an attempt that is in the own log.
type question struct {
	noted  time.Time
	wanted int
	ahead  bool          // of the attempt, which is not in the own log yet
	hold   time.Duration // how long what is granted may be used
	unused slice         // to give back
}

func newCapped(s *shared, name string, quota int, window time.Duration) *capped {
	return &capped{shared: s, name: name, quota: quota, window: window, logs: map[string]*ownLog{}}
}

func (c *capped) take(ctx context.Context, key string) Verdict {
	q, verdict := c.note(key)
	if verdict.Refused || q.wanted == 0 {
		return verdict
	}
	var row db.TakeFromLogRow
	answered := c.shared.ask(ctx, func(ctx context.Context) (err error) {
		row, err = c.shared.q.TakeFromLog(ctx, c.shared.store.Shared(), c.params(key, q))
		return err
	})
	if !answered {
		row.Granted = -1
	}
	return c.settle(key, q, row, verdict)
}

func (c *capped) params(key string, q question) db.TakeFromLogParams {
	return db.TakeFromLogParams{
		Bucket: c.name + ":" + key, MaxEvents: int32(c.quota), WindowSeconds: c.window.Seconds(),
		Wanted: int32(q.wanted), HoldSeconds: q.hold.Seconds(), Unused: int32(q.unused.left), UnusedAt: q.unused.dated,
	}
}

// note enters the attempt into the own log, or refuses it. It says what to ask the shared log; nothing when the
// attempt has one of the entries that were taken before.
func (c *capped) note(key string) (question, Verdict) {
	now := c.shared.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	log := c.of(key, now)
	if log.slice.left > 0 && now.Before(log.slice.until) && len(log.at) < c.quota {
		log.slice.left--
		log.at = append(log.at, now)
		return question{}, c.verdict(log.used-log.slice.left, log.at[0].Add(c.window).Sub(now))
	}
	switch {
	case now.Before(log.fullUntil):
		return question{}, c.refusal(log.fullUntil.Sub(now))
	case len(log.at) >= c.quota:
		return question{}, c.refusal(log.at[0].Add(c.window).Sub(now))
	}
	log.at = append(log.at, now)
	q := c.question(log, now, 0)
	log.slicing = log.slicing || q.wanted > 1
	return q, c.verdict(len(log.at), log.at[0].Add(c.window).Sub(now))
}

// of finds a caller's own log, without what is older than the window.
func (c *capped) of(key string, now time.Time) *ownLog {
	log := c.logs[key]
	if log == nil {
		if len(c.logs) >= maxKeys {
			c.makeRoom(now)
		}
		log = &ownLog{}
		c.logs[key] = log
	}
	log.forget(now.Add(-c.window))
	return log
}

// question takes over what is left of the last entries; what it is granted is held so long at least.
func (c *capped) question(log *ownLog, now time.Time, hold time.Duration) question {
	q := question{noted: now, wanted: c.wanted(log, now), hold: hold, unused: log.slice}
	if q.wanted > 1 {
		q.hold = sliceHold
	}
	log.slice = slice{}
	return q
}

// wanted is how many entries to take: one, unless this process alone serves the caller, who is in a hurry. So the
// log is asked less often, and what is taken is used: entries that are not are given back with the next question.
func (c *capped) wanted(log *ownLog, now time.Time) int {
	if !c.sliced || log.alone < aloneFor || log.slicing {
		return 1
	}
	pace := 0
	for i := len(log.at) - 1; i >= 0 && log.at[i].After(now.Add(-paceSpan)); i-- {
		pace++
	}
	return max(min(pace, sliceMost, (c.quota-log.used)/4), 1)
}

// settle takes over what the shared log says of an attempt that note has entered; alone is what note said, which
// counts when the shared log could not be had.
func (c *capped) settle(key string, q question, row db.TakeFromLogRow, alone Verdict) Verdict {
	reset := time.Duration(row.ResetsInSeconds * float64(time.Second))
	c.mu.Lock()
	defer c.mu.Unlock()
	log := c.logs[key]
	if log == nil { // made room for others
		log = &ownLog{}
	}
	if q.wanted > 1 || q.ahead {
		log.slicing = false
	}
	if row.Granted < 0 {
		return alone
	}
	log.used = int(row.Used)
	if log.used >= c.quota {
		log.fullUntil = c.shared.now().Add(reset)
	}
	log.count(q, int(row.Granted), c.window, c.shared.now())
	if row.Granted < 1 {
		if i := slices.Index(log.at, q.noted); i >= 0 && !q.ahead {
			log.at = slices.Delete(log.at, i, i+1)
		}
		return c.refusal(reset)
	}
	left := int(row.Granted)
	if !q.ahead {
		left--
	}
	if left > 0 {
		// Counted from before the question, and so over before the date in the log.
		log.slice = slice{left: left, until: q.noted.Add(q.hold), dated: row.Dated}
	}
	return c.verdict(log.used-log.slice.left, reset)
}

// count keeps the books of what this process took of the shared log, and sees whether all of it is its own.
func (l *ownLog) count(q question, granted int, window time.Duration, now time.Time) {
	l.giveBack(q.unused.left)
	t := taken{leave: q.noted.Add(window + q.hold), n: granted}
	l.taken = slices.DeleteFunc(append(l.taken, t), func(t taken) bool { return t.n <= 0 || !now.Before(t.leave) })
	mine := 0
	for _, t := range l.taken {
		mine += t.n
	}
	if l.alone++; mine != l.used {
		l.alone = 0
	}
}

// giveBack takes the last n entries out of what was taken.
func (l *ownLog) giveBack(n int) {
	for i := len(l.taken) - 1; i >= 0 && n > 0; i-- {
		back := min(n, l.taken[i].n)
		l.taken[i].n -= back
		n -= back
	}
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

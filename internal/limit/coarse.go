package limit

import (
	"context"
	"sync"
	"time"
)

// longest is how many entries a shared log may have: as many as fit into its row, which is
// rewritten with each of them.
const longest = 200

// coarse is a cap too high for a log with an entry a request: each entry stands for several
// requests of one process, made within a thirtieth of the window. So it is exact to that.
type coarse struct {
	entries *capped
	quota   int
	weight  int // requests an entry stands for

	mu     sync.Mutex
	leases map[string]*held
}

// held is what is left of the entry that a process took last for one caller.
type held struct {
	mu      sync.Mutex // held while the database is asked: the others wait for the same entry
	left    int
	until   time.Time
	verdict Verdict
}

// taker counts a request of a caller.
type taker interface {
	take(ctx context.Context, key string) Verdict
}

func newCap(s *shared, name string, quota int, window time.Duration) taker {
	if quota <= longest {
		return newCapped(s, name, quota, window)
	}
	weight := (quota + longest - 1) / longest
	return &coarse{entries: newCapped(s, name, quota/weight, window), quota: quota, weight: weight, leases: map[string]*held{}}
}

func (c *coarse) take(ctx context.Context, key string) Verdict {
	h := c.of(key)
	h.mu.Lock()
	defer h.mu.Unlock()
	now := c.entries.shared.now()
	if h.left == 0 || !now.Before(h.until) {
		h.left, h.verdict = 0, c.entries.take(ctx, key)
		if h.verdict.Refused {
			return c.scaled(h)
		}
		h.left, h.until = c.weight, now.Add(c.entries.window/30)
	}
	h.left--
	return c.scaled(h)
}

func (c *coarse) of(key string) *held {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.leases[key]
	if h == nil {
		if len(c.leases) >= maxKeys {
			clear(c.leases) // what is left of an entry is worth one query
		}
		h = &held{}
		c.leases[key] = h
	}
	return h
}

// scaled counts in requests what the log counts in entries.
func (c *coarse) scaled(h *held) Verdict {
	v := h.verdict
	v.Quota, v.Remaining = c.quota, v.Remaining*c.weight+h.left
	return v
}

package warm

import (
	"container/list"
	"context"
	"time"
)

// Get returns the kept answer to key; else it calls answer, and keeps what that returns with true. Requests that come
// within slack of each other share one call. False says that there is nothing to keep or share, such as a refusal,
// which answer has seen to itself.
func (c *Cache) Get(ctx context.Context, key Key, keep Keep, answer func() (Answer, bool)) (Answer, bool) {
	asked := c.now()
	if !c.current(ctx, asked) {
		c.asked.WithLabelValues("deaf").Inc()
		return answer()
	}
	if a, ok := c.find(key, asked); ok {
		c.asked.WithLabelValues("kept").Inc()
		return a, true
	}
	m, mine, seen := c.begin(key, asked)
	if !mine {
		select {
		case <-m.done:
			if m.ok {
				c.asked.WithLabelValues("shared").Inc()
				return m.answer, true
			}
		case <-ctx.Done():
		}
		return answer()
	}
	defer c.end(key, m)
	c.asked.WithLabelValues("made").Inc()
	m.answer, m.ok = answer()
	if m.ok {
		c.keep(key, keep, m.answer, seen)
	}
	return m.answer, m.ok
}

// Peek returns the kept answer to key if there is one that may be served now.
func (c *Cache) Peek(ctx context.Context, key Key) (Answer, bool) {
	asked := c.now()
	if !c.current(ctx, asked) {
		return Answer{}, false
	}
	a, ok := c.find(key, asked)
	if ok {
		c.asked.WithLabelValues("kept").Inc()
	}
	return a, ok
}

// current tells whether everything is known that was committed slack before asked, and sees to it.
func (c *Cache) current(ctx context.Context, asked time.Time) bool {
	least := int64(asked.Add(-c.slack).Sub(c.start))
	if c.caught.Load() >= least {
		return true
	}
	c.catchUp.Lock()
	defer c.catchUp.Unlock()
	if c.caught.Load() >= least { // somebody has asked meanwhile
		return true
	}
	began := int64(c.now().Sub(c.start))
	if c.source.CatchUp(ctx) != nil {
		return false
	}
	c.caught.Store(began)
	return true
}

func (c *Cache) find(key Key, now time.Time) (Answer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.kept[key]
	if e == nil {
		return Answer{}, false
	}
	it := e.Value.(*item)
	if !now.Before(it.until) {
		c.forget(key, e)
		return Answer{}, false
	}
	c.recent.MoveToFront(e)
	return it.answer, true
}

// state is what has changed so far.
type state struct{ epoch, changes uint64 }

func (c *Cache) state(key Key) state { return state{c.epoch, c.changes[slot(key.Client)]} }

// begin joins a making that began lately enough, or begins one.
func (c *Cache) begin(key Key, asked time.Time) (m *making, mine bool, seen state) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m = c.made[key]; m != nil && !m.began.Before(asked.Add(-c.slack)) {
		return m, false, state{}
	}
	m = &making{began: c.now(), done: make(chan struct{})}
	c.made[key] = m
	return m, true, c.state(key)
}

func (c *Cache) end(key Key, m *making) {
	c.mu.Lock()
	if c.made[key] == m {
		delete(c.made, key)
	}
	c.mu.Unlock()
	close(m.done)
}

// keep keeps an answer unless something of its tenant has changed since it began to be made.
func (c *Cache) keep(key Key, keep Keep, a Answer, seen state) {
	size := sizeOf(key, a)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state(key) != seen || size > c.most/16 {
		return
	}
	if e := c.kept[key]; e != nil {
		c.forget(key, e)
	}
	for c.bytes+size > c.most {
		e := c.recent.Back()
		c.forget(e.Value.(*item).key, e)
	}
	e := c.recent.PushFront(&item{key: key, keep: keep, until: c.now().Add(keep.Life), answer: a})
	c.kept[key] = e
	if c.byClient[key.Client] == nil {
		c.byClient[key.Client] = map[Key]*list.Element{}
	}
	c.byClient[key.Client][key] = e
	c.bytes += size
}

func sizeOf(key Key, a Answer) int { return 2*len(key.Asked) + len(a.Tag) + cap(a.Body) + overhead }

func (c *Cache) forget(key Key, e *list.Element) {
	c.bytes -= sizeOf(key, e.Value.(*item).answer)
	c.recent.Remove(e)
	delete(c.kept, key)
	if delete(c.byClient[key.Client], key); len(c.byClient[key.Client]) == 0 {
		delete(c.byClient, key.Client)
	}
}

// forgetAll also keeps what is being made from being kept.
func (c *Cache) forgetAll() {
	c.epoch++
	c.bytes = 0
	clear(c.kept)
	clear(c.byClient)
	c.recent.Init()
}

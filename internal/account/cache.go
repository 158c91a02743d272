package account

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// askLimit is how long a question that others may wait for can take.
const askLimit = 5 * time.Second

// cache keeps answers for a short time and a bounded number of keys. Concurrent misses of one
// key ask once. Errors are not kept.
type cache[K comparable, V any] struct {
	life time.Duration
	max  int
	now  func() time.Time

	asking singleflight.Group
	mu     sync.Mutex
	epoch  uint64 // counts drops: an answer asked for before a drop is not kept after it
	items  map[K]cached[V]
	ahead  map[K]bool // whose answers are on their way, see foresee
}

type cached[V any] struct {
	value V
	until time.Time
}

func newCache[K comparable, V any](life time.Duration, limit int, now func() time.Time) *cache[K, V] {
	return &cache[K, V]{life: life, max: limit, now: now, items: map[K]cached[V]{}, ahead: map[K]bool{}}
}

// get returns the kept answer or asks. The question is not cut short by the caller who happens
// to be first: others wait for its answer too.
func (c *cache[K, V]) get(ctx context.Context, key K, ask func(context.Context) (V, error)) (V, error) {
	c.mu.Lock()
	item, ok := c.items[key]
	epoch := c.epoch
	c.mu.Unlock()
	if ok && c.now().Before(item.until) {
		return item.value, nil
	}
	v, err, _ := c.asking.Do(fmt.Sprint(epoch, key), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askLimit)
		defer cancel()
		v, err := ask(ctx)
		if err == nil {
			c.put(key, v, epoch)
		}
		return v, err
	})
	return v.(V), err
}

// foresee tells that the answer to key will be needed and returns what takes it over, once, or with false the lack
// of one. It is nil when the answer is there or on its way already.
func (c *cache[K, V]) foresee(key K) (take func(V, bool)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if item, ok := c.items[key]; ok && c.now().Before(item.until) || c.ahead[key] {
		return nil
	}
	c.ahead[key] = true
	epoch := c.epoch
	return func(v V, ok bool) {
		c.mu.Lock()
		delete(c.ahead, key)
		c.mu.Unlock()
		if ok {
			c.put(key, v, epoch)
		}
	}
}

func (c *cache[K, V]) put(key K, v V, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch != epoch {
		return
	}
	now := c.now()
	if len(c.items) >= c.max {
		c.makeRoom(now)
	}
	c.items[key] = cached[V]{value: v, until: now.Add(c.life)}
}

// makeRoom takes out what is no longer valid, or everything: an entry is worth one query.
func (c *cache[K, V]) makeRoom(now time.Time) {
	for key, item := range c.items {
		if !now.Before(item.until) {
			delete(c.items, key)
		}
	}
	if len(c.items) >= c.max {
		clear(c.items)
	}
}

// remove forgets one entry. An answer to it that is being asked for is kept all the same.
func (c *cache[K, V]) remove(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.items, key)
}

// drop forgets every entry, also those that are being asked for.
func (c *cache[K, V]) drop() { c.dropIf(func(K, V) bool { return true }) }

// dropIf forgets the entries that match. Of those that are being asked for none is kept: whether
// they match is not known yet.
func (c *cache[K, V]) dropIf(match func(K, V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	maps.DeleteFunc(c.items, func(key K, item cached[V]) bool { return match(key, item.value) })
}

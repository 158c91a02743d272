// Package recent keeps answers of the database for a few seconds: who a caller is and what they may do is asked once
// for all the requests of a page. What keeps a memory drops what it is told has changed.
package recent

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

// Memory keeps answers for a short time and a bounded number of keys. Concurrent misses of one
// key ask once. Errors are not kept. It is safe for concurrent use.
type Memory[K comparable, V any] struct {
	life time.Duration
	max  int
	now  func() time.Time

	asking singleflight.Group
	mu     sync.Mutex
	epoch  uint64 // counts drops: an answer asked for before a drop is not kept after it
	items  map[K]cached[V]
	ahead  map[K]bool // whose answers are on their way, see Foresee
}

type cached[V any] struct {
	value V
	until time.Time
}

// New returns an empty Memory of so many answers, each of which is kept for its life.
func New[K comparable, V any](life time.Duration, limit int, now func() time.Time) *Memory[K, V] {
	return &Memory[K, V]{life: life, max: limit, now: now, items: map[K]cached[V]{}, ahead: map[K]bool{}}
}

// Get returns the kept answer or asks. The question is not cut short by the caller who happens
// to be first: others wait for its answer too.
func (m *Memory[K, V]) Get(ctx context.Context, key K, ask func(context.Context) (V, error)) (V, error) {
	m.mu.Lock()
	item, ok := m.items[key]
	epoch := m.epoch
	m.mu.Unlock()
	if ok && m.now().Before(item.until) {
		return item.value, nil
	}
	v, err, _ := m.asking.Do(fmt.Sprint(epoch, key), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askLimit)
		defer cancel()
		v, err := ask(ctx)
		if err == nil {
			m.put(key, v, epoch)
		}
		return v, err
	})
	return v.(V), err
}

// Foresee tells that the answer to key will be needed and returns what takes it over, once, or with false the lack
// of one. It is nil when the answer is there or on its way already.
func (m *Memory[K, V]) Foresee(key K) (take func(V, bool)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if item, ok := m.items[key]; ok && m.now().Before(item.until) || m.ahead[key] {
		return nil
	}
	m.ahead[key] = true
	epoch := m.epoch
	return func(v V, ok bool) {
		m.mu.Lock()
		delete(m.ahead, key)
		m.mu.Unlock()
		if ok {
			m.put(key, v, epoch)
		}
	}
}

func (m *Memory[K, V]) put(key K, v V, epoch uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epoch != epoch {
		return
	}
	now := m.now()
	if len(m.items) >= m.max {
		m.makeRoom(now)
	}
	m.items[key] = cached[V]{value: v, until: now.Add(m.life)}
}

// makeRoom takes out what is no longer valid, or everything: an entry is worth one query.
func (m *Memory[K, V]) makeRoom(now time.Time) {
	for key, item := range m.items {
		if !now.Before(item.until) {
			delete(m.items, key)
		}
	}
	if len(m.items) >= m.max {
		clear(m.items)
	}
}

// Remove forgets one entry. An answer to it that is being asked for is kept all the same.
func (m *Memory[K, V]) Remove(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.items, key)
}

// Drop forgets every entry, also those that are being asked for.
func (m *Memory[K, V]) Drop() { m.DropIf(func(K, V) bool { return true }) }

// DropIf forgets the entries that match. Of those that are being asked for none is kept: whether
// they match is not known yet.
func (m *Memory[K, V]) DropIf(match func(K, V) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	maps.DeleteFunc(m.items, func(key K, item cached[V]) bool { return match(key, item.value) })
}

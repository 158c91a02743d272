package account

import (
	"context"
	"time"
)

// Cache is the short memory of sessions and rights.
type Cache struct{ *cache[string, int] }

// NewCache returns an empty one.
func NewCache(life time.Duration, limit int, now func() time.Time) Cache {
	return Cache{newCache[string, int](life, limit, now)}
}

// Get, Drop and Len are for tests of the cache itself.
func (c Cache) Get(key string, ask func(context.Context) (int, error)) (int, error) {
	return c.get(context.Background(), key, ask)
}

func (c Cache) Drop() { c.drop() }

func (c Cache) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.items)
}

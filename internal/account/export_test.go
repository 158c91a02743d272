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

// Tokens is the memory of verified tokens.
type Tokens struct{ *tokenMemory }

// NewTokens returns an empty one.
func NewTokens(limit int) Tokens { return Tokens{newTokenMemory(limit)} }

// Holder and Len are for tests of the memory itself.
func (m Tokens) Holder(ring *KeyRing, raw string, now time.Time) (*Principal, error) {
	return m.holder(ring, raw, now)
}

func (m Tokens) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.known)
}

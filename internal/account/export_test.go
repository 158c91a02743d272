package account

import "time"

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

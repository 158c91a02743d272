package account

import (
	"crypto/sha256"
	"sync"
	"time"
)

// tokenMemory keeps who the tokens are that were verified, by their hash and until they end: reading the guilds
// of a token costs more than all else that is done for a request from memory. It says nothing of the session,
// which is asked for anew within cacheLife. Its principals are shared and never changed. It is safe for concurrent use.
type tokenMemory struct {
	max   int
	mu    sync.Mutex
	known map[[sha256.Size]byte]verified
}

type verified struct {
	holder *Principal
	until  time.Time // of the token with its leeway, or of the key that signed it
}

func newTokenMemory(limit int) *tokenMemory {
	return &tokenMemory{max: limit, known: map[[sha256.Size]byte]verified{}}
}

// holder is Verify of the ring for a token that it may have verified before.
func (m *tokenMemory) holder(ring *KeyRing, raw string, now time.Time) (*Principal, error) {
	if len(raw) > maxTokenBytes {
		return ring.Verify(raw, now)
	}
	key := sha256.Sum256([]byte(raw))
	m.mu.Lock()
	v, ok := m.known[key]
	m.mu.Unlock()
	if ok && now.Before(v.until) {
		return v.holder, nil
	}
	p, until, err := ring.verify(raw, now)
	if err != nil {
		return nil, err
	}
	m.keep(key, verified{p, until}, now)
	return p, nil
}

func (m *tokenMemory) keep(key [sha256.Size]byte, v verified, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= m.max {
		m.makeRoom(now)
	}
	m.known[key] = v
}

// makeRoom takes out what has ended, and if that is not enough an eighth of all: a token is verified anew.
func (m *tokenMemory) makeRoom(now time.Time) {
	for key, v := range m.known {
		if !now.Before(v.until) {
			delete(m.known, key)
		}
	}
	for key := range m.known {
		if len(m.known) <= m.max*7/8 {
			return
		}
		delete(m.known, key)
	}
}

package httpapi

import (
	"crypto/sha256"
	"sync"
	"time"

	"trackbot/internal/limit"
)

const (
	// spentLife is how long a refusal of a program is believed without asking again; a revoked key or a larger plan
	// shows after that.
	spentLife = time.Second
	mostSpent = 10_000
)

// spent remembers the keys of programs whose budget is used up, so that one that goes on asking costs its neighbours no
// look at the database. It is safe for concurrent use.
type spent struct {
	now  func() time.Time
	mu   sync.Mutex
	keys map[[sha256.Size]byte]refusal
}

// refusal is a verdict that stands until then.
type refusal struct {
	verdict limit.Verdict
	at      time.Time
	until   time.Time
}

func newSpent(now func() time.Time) *spent {
	if now == nil {
		now = time.Now
	}
	return &spent{now: now, keys: map[[sha256.Size]byte]refusal{}}
}

// note takes down what was refused.
func (s *spent) note(token string, v limit.Verdict) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.keys) >= mostSpent {
		clear(s.keys) // a refusal is worth two queries
	}
	now := s.now()
	s.keys[sha256.Sum256([]byte(token))] = refusal{v, now, now.Add(min(v.Reset, spentLife))}
}

// stands returns the refusal of a token while it stands, with what is left of its time.
func (s *spent) stands(token string) (limit.Verdict, bool) {
	key := sha256.Sum256([]byte(token))
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.keys[key]
	if !ok {
		return limit.Verdict{}, false
	}
	now := s.now()
	if !now.Before(r.until) {
		delete(s.keys, key)
		return limit.Verdict{}, false
	}
	r.verdict.Reset -= now.Sub(r.at)
	return r.verdict, true
}

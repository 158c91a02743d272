package discord

import (
	"sync"
	"time"
)

const (
	// guardSpan is the span in which Discord counts invalid requests; at 10,000 of
	// them it bans the address (Discord API docs: Rate Limits, Invalid Request Limit).
	guardSpan = 10 * time.Minute
	guardStep = 10 * time.Second
	// firstRefusal and longestRefusal bound the pause after a refused bot token.
	firstRefusal   = time.Minute
	longestRefusal = 15 * time.Minute
)

// Refusals counts the refused requests of an address towards Discord's ban and says when nothing more may be sent. The ban
// is the address's, whatever token a request carries: the clients of a process share one. Safe for concurrent use.
type Refusals struct {
	mu    sync.Mutex
	guard guard
}

// NewRefusals returns an empty count; at limit refusals in ten minutes (0: 9,000 of Discord's 10,000) nothing is sent.
func NewRefusals(limit int) *Refusals {
	return &Refusals{guard: guard{limit: withDefault(limit, defaultInvalid)}}
}

// Count returns how many refused requests of the last ten minutes count at a moment.
func (r *Refusals) Count(now time.Time) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.guard.count(now)
}

func (r *Refusals) add(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.guard.add(now)
}

func (r *Refusals) wait(now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.guard.wait(now)
}

// guard counts refused requests over the last ten minutes, in steps of ten
// seconds: up to one step more than the span, never less.
type guard struct {
	limit int
	steps [int(guardSpan/guardStep) + 1]guardCount
}

type guardCount struct {
	at    int64 // the step's number since the epoch
	count int
}

func stepOf(now time.Time) int64 { return now.UnixNano() / int64(guardStep) }

func (g *guard) slot(at int64) *guardCount {
	n := int64(len(g.steps))
	return &g.steps[(at%n+n)%n]
}

func (g *guard) add(now time.Time) {
	at := stepOf(now)
	s := g.slot(at)
	if s.at != at {
		s.at, s.count = at, 0
	}
	s.count++
}

// count returns the refused requests that still count.
func (g *guard) count(now time.Time) int {
	at, total := stepOf(now), 0
	for _, s := range g.steps {
		if at-s.at < int64(len(g.steps)) {
			total += s.count
		}
	}
	return total
}

// wait returns how long until the count is below the limit.
func (g *guard) wait(now time.Time) time.Duration {
	total := g.count(now)
	at := stepOf(now)
	for ahead := int64(0); total >= g.limit; ahead++ {
		// The step that leaves the window next is the one in our own slot, one lap ago.
		s := g.slot(at + ahead + 1)
		if at-s.at < int64(len(g.steps)) {
			total -= s.count
		}
		if total < g.limit || ahead > int64(len(g.steps)) {
			end := time.Unix(0, (at+ahead+1)*int64(guardStep))
			return max(end.Sub(now), time.Millisecond)
		}
	}
	return 0
}

// refusal remembers that the bot token was refused: it lets one request through
// at the end of each pause, and the pauses grow until one is accepted.
type refusal struct {
	until time.Time
	pause time.Duration
	grown time.Time
}

func (r *refusal) holds(now time.Time) bool { return now.Before(r.until) }

// refused starts the next pause; several refusals of one moment start one.
func (r *refusal) refused(now time.Time) {
	if r.pause > 0 && now.Sub(r.grown) < r.pause {
		return
	}
	r.pause = min(max(2*r.pause, firstRefusal), longestRefusal)
	r.grown, r.until = now, now.Add(r.pause)
}

// probe lets the caller through and makes the others wait for its answer.
func (r *refusal) probe(now time.Time) {
	if r.pause > 0 {
		r.until = now.Add(firstRefusal)
	}
}

func (r *refusal) accepted() { *r = refusal{} }

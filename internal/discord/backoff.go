package discord

import (
	"math/rand/v2"
	"time"
)

const (
	// stableAfter is how long a connection has to last to count as a success.
	stableAfter  = 10 * time.Second
	firstPause   = time.Second
	longestPause = 30 * time.Second
	// spread keeps shards that were dropped together from coming back as one.
	spread = 500 * time.Millisecond
)

// backoff is the pause before the next try: none worth the name the first time,
// then doubling, half of each by chance.
type backoff struct{ tries int }

func (b *backoff) next() time.Duration {
	b.tries++
	if b.tries == 1 {
		return randomBelow(spread)
	}
	pause := longestPause
	if doublings := b.tries - 2; doublings < 6 {
		pause = min(firstPause<<doublings, longestPause)
	}
	return pause/2 + randomBelow(pause/2)
}

func randomBelow(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return rand.N(d)
}

package discord

import (
	"context"
	"sync"
	"time"
)

// heartbeats sends one after a random part of the first interval and then every
// interval, and whenever Discord asks (Discord API docs: Gateway, Sending
// Heartbeats). A regular one that is due while the one before it is not
// acknowledged means that the connection is dead.
func (c *connection) heartbeats(interval time.Duration) {
	timer := time.NewTimer(randomBelow(interval))
	defer timer.Stop()
	for {
		select {
		case <-c.life.Done():
			return
		case <-c.beat:
			c.answerBeat()
			continue
		case <-timer.C:
		}
		if c.dead() {
			c.hangUp(ending{err: errZombie, kind: "zombie"}, closeResumable)
			return
		}
		c.mu.Lock()
		c.unsure = true
		c.mu.Unlock()
		if c.send.wait(c.life, true) != nil {
			return
		}
		c.sendBeat()
		timer.Reset(interval)
	}
}

// answerBeat sends the heartbeat Discord asked for, unless it asks so often
// that answering would break its own limit.
func (c *connection) answerBeat() {
	if c.send.take(false) == 0 {
		c.sendBeat()
	}
}

// sendBeat tells Discord the last event that is handled, so that it keeps those
// behind it for a resume. A failing write ends the connection for its reader too.
func (c *connection) sendBeat() {
	var seq any
	if at := c.s.dispatcher.handled(); at.exists() && at.ID == c.s.place().ID {
		seq = at.Seq
	}
	c.mu.Lock()
	c.sentAt = time.Now()
	c.mu.Unlock()
	_ = c.write(opHeartbeat, seq)
}

func (c *connection) acked() {
	c.mu.Lock()
	latency := time.Since(c.sentAt)
	c.unsure = false
	c.mu.Unlock()
	c.s.acked(latency)
}

// dead reports whether the last regular heartbeat went unanswered. While our
// own reading waits for the handler nothing can be said.
func (c *connection) dead() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unsure && !c.stalled.Load()
}

const (
	// sendLimit of payloads may be sent per connection and sendSpan; some are
	// reserved for regular heartbeats (Discord API docs: Gateway, Rate Limiting).
	sendLimit    = 120
	sendSpan     = time.Minute
	sendReserved = 5
)

// sendWindow keeps what a connection sends within Discord's limit. Safe for
// concurrent use.
type sendWindow struct {
	mu     sync.Mutex
	all    *slidingWindow
	others *slidingWindow
}

func newSendWindow() *sendWindow {
	return &sendWindow{
		all:    newSlidingWindow(sendLimit, sendSpan),
		others: newSlidingWindow(sendLimit-sendReserved, sendSpan),
	}
}

// wait returns when one more payload may be sent, and counts it.
func (w *sendWindow) wait(ctx context.Context, regularBeat bool) error {
	for {
		d := w.take(regularBeat)
		if d == 0 {
			return nil
		}
		if !sleep(ctx, d) {
			return context.Cause(ctx)
		}
	}
}

// take counts a payload, or returns how long none may be sent.
func (w *sendWindow) take(regularBeat bool) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	d := w.all.wait(now)
	if !regularBeat {
		d = max(d, w.others.wait(now))
	}
	if d > 0 {
		return d
	}
	w.all.take(now)
	if !regularBeat {
		w.others.take(now)
	}
	return 0
}

package discord

import (
	"context"
	"sync"
)

// queueBytes bounds the events received but not handled. Beyond it the shard
// stops reading, and Discord keeps the rest.
const queueBytes = 64 << 20

// queued is an event and the session's place behind it; without an event it
// says that the session is lost.
type queued struct {
	event   *Event
	session Session
}

// eventQueue hands a shard's events from its connection to its handler, beyond
// the life of a connection. One reader, one writer.
type eventQueue struct {
	mu    sync.Mutex
	items []queued
	bytes int
	limit int
	wake  chan struct{} // an item came
	room  chan struct{} // an item left
}

func newEventQueue(limit int) *eventQueue {
	return &eventQueue{limit: limit, wake: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

func (q *eventQueue) tryPush(it queued) bool {
	size := it.size()
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bytes > 0 && q.bytes+size > q.limit {
		return false
	}
	q.items = append(q.items, it)
	q.bytes += size
	signal(q.wake)
	return true
}

// push waits for room; it fails only when ctx ends.
func (q *eventQueue) push(ctx context.Context, it queued) error {
	for !q.tryPush(it) {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-q.room:
		}
	}
	return nil
}

func (q *eventQueue) pop() (queued, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return queued{}, false
	}
	it := q.items[0]
	q.items[0] = queued{}
	q.items = q.items[1:]
	q.bytes -= it.size()
	signal(q.room)
	return it, true
}

// force adds an item whatever the bound.
func (q *eventQueue) force(it queued) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, it)
	q.bytes += it.size()
	signal(q.wake)
}

func (q *eventQueue) length() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

func (it queued) size() int {
	const overhead = 64
	if it.event == nil {
		return overhead
	}
	return overhead + len(it.event.Data)
}

// signal wakes the one who waits on c, now or at its next wait.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

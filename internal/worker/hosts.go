package worker

import (
	"context"
	"sync"
	"time"
)

// hosts are those that are being asked, some at the same time, each by one goroutine.
type hosts struct {
	slots   chan struct{}
	running sync.WaitGroup

	mu    sync.Mutex
	asked map[string]*asked
}

// asked is a host while it is asked.
type asked struct {
	ahead   int           // posts that were put off because it is asked
	perPost time.Duration // what one takes there
}

func newHosts(atOnce int) *hosts {
	return &hosts{slots: make(chan struct{}, atOnce), asked: map[string]*asked{}}
}

// wait waits until one more host may be asked; false when ctx has ended.
func (h *hosts) wait(ctx context.Context) bool {
	select {
	case h.slots <- struct{}{}:
		<-h.slots
		return true
	case <-ctx.Done():
		return false
	}
}

// ask has a host asked once there is room. Of a host that is being asked it says for how long to put so many posts off:
// until those before them are likely to be done.
func (h *hosts) ask(ctx context.Context, host string, posts int, work func()) (putOff time.Duration, ok bool) {
	h.mu.Lock()
	if a := h.asked[host]; a != nil {
		putOff = time.Duration(a.ahead) * a.perPost
		a.ahead += posts
		h.mu.Unlock()
		return putOff, false
	}
	h.asked[host] = &asked{}
	h.mu.Unlock()
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		h.done(host)
		return 0, false
	}
	h.running.Go(func() {
		defer func() { <-h.slots }()
		defer h.done(host)
		work()
	})
	return 0, true
}

func (h *hosts) done(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.asked, host)
}

// took tells how long a host needed for posts of which some were asked for at the same time.
func (h *hosts) took(host string, posts, atOnce int, d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if a := h.asked[host]; a != nil && posts > 0 {
		a.perPost = d / time.Duration(posts*atOnce)
	}
}

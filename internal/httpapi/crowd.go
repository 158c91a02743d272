package httpapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/fault"
)

// mostWaiting is how many requests of a tenant may wait for those at work.
const mostWaiting = 100

// crowd bounds how many requests of one tenant are at work at once, reads and changes apart, so that whatever is slow for
// one tenant leaves connections to the others. Those beyond wait, in no order. It is safe for concurrent use.
type crowd struct {
	most int // 0: no bound

	mu      sync.Mutex
	tenants map[crowdKey]*gathering
}

type crowdKey struct {
	client uuid.UUID
	change bool
}

// gathering is a tenant's requests at work and waiting.
type gathering struct {
	here  int // guarded by the crowd's lock
	slots chan struct{}
}

func newCrowd(most int) *crowd { return &crowd{most: most, tenants: map[crowdKey]*gathering{}} }

// enter waits for a place; leave gives it back. Refusals: rate_limited.
func (c *crowd) enter(ctx context.Context, key crowdKey, patience time.Duration) (leave func(), err error) {
	if c.most == 0 {
		return func() {}, nil
	}
	g := c.join(key)
	if g == nil {
		return nil, errCrowded()
	}
	wait := time.NewTimer(patience)
	defer wait.Stop()
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots; c.part(key, g) }, nil
	case <-wait.C:
		err = errCrowded()
	case <-ctx.Done():
		err = ctx.Err()
	}
	c.part(key, g)
	return nil, err
}

// join counts a request in; nil when too many wait already.
func (c *crowd) join(key crowdKey) *gathering {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := c.tenants[key]
	if g == nil {
		g = &gathering{slots: make(chan struct{}, c.most)}
		c.tenants[key] = g
	}
	if g.here >= c.most+mostWaiting {
		return nil
	}
	g.here++
	return g
}

func (c *crowd) part(key crowdKey, g *gathering) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if g.here--; g.here == 0 {
		delete(c.tenants, key)
	}
}

func errCrowded() error {
	refusal := fault.New(fault.RateLimited, "The server's other requests are still being answered. Ask for less at once.")
	refusal.RetryAfter = time.Second
	return refusal
}

// takePlace waits until the tenant of the request has few enough others at work. Streams take no place: they hold no
// connection.
func (f *frame) takePlace(r *http.Request, op *operation) (leave func(), err error) {
	if !op.permission.guild() || op.patience == 0 {
		return func() {}, nil
	}
	key := crowdKey{recordOf(r.Context()).tenant.ClientID, op.permission == permGuildManage}
	return f.crowd.enter(r.Context(), key, op.patience/2)
}

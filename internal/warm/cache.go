package warm

import (
	"container/list"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"trackbot/internal/store"
)

const (
	defaultSlack = 10 * time.Millisecond
	defaultBytes = 64 << 20
	overhead     = 512  // bytes that an answer takes beside its body and key, about
	generations  = 4096 // tenants share them by chance, which makes an answer less kept now and then
)

// Source tells what changes: a store.Listener whose notices go to Changed.
type Source interface {
	// CatchUp returns once every change committed before the call was told.
	CatchUp(ctx context.Context) error
}

// Config sets a Cache up; its zero value works.
type Config struct {
	Bytes      int           // of all answers, 0: 64 MiB
	Slack      time.Duration // how long a process may not have asked for changes, 0: 10 ms
	Registerer prometheus.Registerer
	Now        func() time.Time // monotonic
}

// Key is whose answer it is and to what. Asked holds the address and all of the caller that changes the answer.
type Key struct {
	Client uuid.UUID
	Asked  string
}

// Keep is how long an answer is good for.
type Keep struct {
	Tables []string      // until one of these of the tenant changes; none: any
	Life   time.Duration // and no longer than this
}

// Answer is a body with its entity tag. Nobody changes it.
type Answer struct {
	Tag  string
	Body []byte
}

// Cache keeps answers. It is safe for concurrent use.
type Cache struct {
	source Source
	slack  time.Duration
	most   int
	now    func() time.Time
	asked  *prometheus.CounterVec

	caught  atomic.Int64 // when the last successful CatchUp began, since start
	start   time.Time
	catchUp sync.Mutex // held by who asks

	mu       sync.Mutex
	bytes    int
	kept     map[Key]*list.Element // of *item
	byClient map[uuid.UUID]map[Key]*list.Element
	recent   list.List // of *item, used last first
	made     map[Key]*making
	changes  [generations]uint64 // of the tenants whose ids fall there
	epoch    uint64              // of everything
}

type item struct {
	key    Key
	keep   Keep
	until  time.Time
	answer Answer
}

// making is an answer that is being made.
type making struct {
	began  time.Time
	done   chan struct{}
	answer Answer
	ok     bool
}

// New returns an empty Cache of what source tells.
func New(source Source, cfg Config) *Cache {
	if cfg.Bytes == 0 {
		cfg.Bytes = defaultBytes
	}
	if cfg.Slack == 0 {
		cfg.Slack = defaultSlack
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	c := &Cache{
		source: source, slack: cfg.Slack, most: cfg.Bytes, now: cfg.Now, start: cfg.Now(),
		kept: map[Key]*list.Element{}, byClient: map[uuid.UUID]map[Key]*list.Element{}, made: map[Key]*making{},
		asked: promauto.With(cfg.Registerer).NewCounterVec(prometheus.CounterOpts{
			Name: "trackbot_warm_answers_total", Help: "Answers that may be kept: kept, made anew, shared with another request's, or made while no changes are heard of.",
		}, []string{"from"}),
	}
	c.caught.Store(-1 << 62)
	promauto.With(cfg.Registerer).NewGaugeFunc(prometheus.GaugeOpts{
		Name: "trackbot_warm_bytes", Help: "Memory of the answers that are kept.",
	}, func() float64 { return float64(c.size()) })
	return c
}

func (c *Cache) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// Settle returns once every process knows of what was committed before the call, or does not answer from memory:
// for whoever answers a write.
func (c *Cache) Settle(ctx context.Context) {
	wait := time.NewTimer(c.slack)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done(): // nobody is answered
	}
}

// Changed forgets what a notice of store.ChannelData is about: everything when notices may have been lost. It
// returns at once.
func (c *Cache) Changed(n store.Notice) {
	who, table, _ := strings.Cut(n.Payload, " ")
	client, err := uuid.Parse(who)
	c.mu.Lock()
	defer c.mu.Unlock()
	if n.Missed || err != nil || table == "" {
		c.forgetAll()
		return
	}
	c.changes[slot(client)]++
	for key, e := range c.byClient[client] {
		if tables := e.Value.(*item).keep.Tables; len(tables) == 0 || slices.Contains(tables, table) {
			c.forget(key, e)
		}
	}
}

func slot(client uuid.UUID) int { return (int(client[14])<<8 | int(client[15])) % generations }

package live

import (
	"context"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"trackbot/internal/fault"
	"trackbot/internal/guild"
	"trackbot/internal/store"
	"trackbot/internal/store/db"
)

// Encoder writes events as the contract has them: one line of JSON each.
type Encoder interface {
	Status(s guild.Status) ([]byte, error)
	Post(p db.PostItem, guildID string) ([]byte, error)
	Export(e db.Export) ([]byte, error)
}

// Config tunes a Hub; zero values take the defaults.
type Config struct {
	Log        *slog.Logger
	Registerer prometheus.Registerer
	// Tick is how often the status of watched tenants is read. Default 3 s.
	Tick time.Duration
	// Recheck is how often a viewer's rights are checked when no notice asks for it. Default 45 s.
	Recheck time.Duration
	// Comments is the longest time between two comments, so also the longest without a byte. Default 15 s.
	Comments time.Duration
	// Beat is how often ends and silences are looked for. Default 1 s.
	Beat time.Duration
	// Patience is how long a connection may take for a frame before it is cut off. Default 15 s.
	Patience time.Duration
	// PerViewer is how many streams one viewer may have in this process. Default 5.
	PerViewer int
	// Streams is how many there may be in this process. Default: three quarters of the files that it may have
	// open, so that streams leave room for requests and the database.
	Streams int
}

func (c Config) withDefaults() Config {
	for value, fallback := range map[*time.Duration]time.Duration{
		&c.Tick: 3 * time.Second, &c.Recheck: 45 * time.Second, &c.Comments: 15 * time.Second, &c.Beat: time.Second, &c.Patience: 15 * time.Second,
	} {
		if *value == 0 {
			*value = fallback
		}
	}
	if c.PerViewer == 0 {
		c.PerViewer = 5
	}
	if c.Streams == 0 {
		c.Streams = mostFiles() / 4 * 3
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// manyFiles stands for a number of open files that is not known or has no limit.
const manyFiles = 1 << 20

const (
	readers  = 4 // tenants that are read at the same time
	checkers = 4 // viewers whose rights are checked at the same time
)

// Hub hands what changes to those who watch. It is safe for concurrent use.
type Hub struct {
	cfg     Config
	source  source
	encode  Encoder
	metrics metrics
	shards  []*shard
	next    atomic.Uint32 // shard of the next stream
	dirty   chan *feed    // feeds to read, each at most once
	checks  chan *stream
	ended   chan struct{} // closed when the shards take no more jobs

	mu      sync.Mutex
	feeds   map[uuid.UUID]*feed
	viewers map[string]int
	streams int // admitted
	closed  bool
}

// New returns a hub over the API's store. Run makes it work.
func New(st *store.Store, guilds *guild.Reader, encode Encoder, cfg Config) *Hub {
	h := &Hub{
		cfg: cfg.withDefaults(), source: source{st, db.New(), guilds}, encode: encode, metrics: newMetrics(cfg.Registerer),
		dirty: make(chan *feed, 1<<16), checks: make(chan *stream, 1024), ended: make(chan struct{}),
		feeds: map[uuid.UUID]*feed{}, viewers: map[string]int{},
	}
	for range runtime.GOMAXPROCS(0) {
		h.shards = append(h.shards, newShard(h))
	}
	return h
}

// Run works until ctx ends; then it ends all streams and returns nil.
func (h *Hub) Run(ctx context.Context) error {
	var work errgroup.Group
	for _, sh := range h.shards {
		work.Go(func() error { sh.run(ctx); return nil })
	}
	for range readers {
		work.Go(func() error { h.read(ctx); return nil })
	}
	for range checkers {
		work.Go(func() error { h.check(ctx); return nil })
	}
	work.Go(func() error { h.tick(ctx); return nil })
	<-ctx.Done()
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	close(h.ended)
	return work.Wait()
}

// Admit tells whether a viewer may have one more stream, which counts from now on until its end. Refusals:
// rate_limited, unavailable.
func (h *Hub) Admit(v Viewer) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return fault.New(fault.Unavailable, "The service is stopping. Connect again.")
	}
	if h.viewers[v.ID] >= h.cfg.PerViewer {
		refusal := fault.Newf(fault.RateLimited, "You have %d live streams open already. Close one.", h.cfg.PerViewer)
		refusal.RetryAfter = h.cfg.Comments
		return refusal
	}
	if h.streams >= h.cfg.Streams {
		h.metrics.refused.Inc()
		refusal := fault.New(fault.Unavailable, "Too many live streams are open. Ask again later.")
		refusal.RetryAfter = h.cfg.Comments
		return refusal
	}
	h.viewers[v.ID]++
	h.streams++
	return nil
}

// Join gives the connection of an admitted viewer, whose head has been written, to the hub, which closes it.
func (h *Hub) Join(v Viewer, conn net.Conn) {
	s := newStream(v, conn)
	h.metrics.open.Inc()
	h.mu.Lock()
	f := h.feeds[v.ClientID]
	if f == nil {
		f = newFeed(v.ClientID, v.GuildID)
		h.feeds[v.ClientID] = f
	}
	f.viewers++
	h.mu.Unlock()
	f.join(s)
	h.schedule(f)
}

// Withdraw takes an admission back whose connection never came.
func (h *Hub) Withdraw(v Viewer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.discount(v.ID)
}

func (h *Hub) discount(viewer string) {
	h.streams--
	if h.viewers[viewer]--; h.viewers[viewer] <= 0 {
		delete(h.viewers, viewer)
	}
}

// left forgets a stream that has ended, and its tenant with the last.
func (h *Hub) left(s *stream) {
	h.metrics.open.Dec()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.discount(s.ID)
	if f := h.feeds[s.ClientID]; f != nil {
		if f.viewers--; f.viewers == 0 {
			delete(h.feeds, s.ClientID)
		}
	}
}

// schedule has a feed read soon, once.
func (h *Hub) schedule(f *feed) {
	if !f.enqueue() {
		return
	}
	select {
	case h.dirty <- f:
	default: // more tenants than the queue has room for: the next tick tries again
		f.dequeue()
	}
}

func (h *Hub) feed(client string) *feed {
	id, err := uuid.Parse(client)
	if err != nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.feeds[id]
}

func (h *Hub) each(fn func(*feed)) {
	h.mu.Lock()
	feeds := make([]*feed, 0, len(h.feeds))
	for _, f := range h.feeds {
		feeds = append(feeds, f)
	}
	h.mu.Unlock()
	for _, f := range feeds {
		fn(f)
	}
}

// Changed takes the notices of store.ChannelLive.
func (h *Hub) Changed(n store.Notice) {
	if n.Missed {
		h.each(func(f *feed) { f.mark(errand{want: wantPosts | wantStatus}); h.schedule(f) })
		return
	}
	what, rest, _ := strings.Cut(n.Payload, " ")
	client, about, _ := strings.Cut(rest, " ")
	f := h.feed(client)
	if f == nil {
		return
	}
	id, err := uuid.Parse(about)
	switch {
	case what == "posts":
		f.mark(errand{want: wantPosts})
	case what == "post" && err == nil:
		f.mark(errand{posts: []uuid.UUID{id}})
	case what == "export" && err == nil:
		f.mark(errand{exports: []uuid.UUID{id}})
	}
	h.schedule(f)
}

// AccessChanged takes the notices of store.ChannelAccess: whom one is about is checked at once.
func (h *Hub) AccessChanged(n store.Notice) {
	what, who, _ := strings.Cut(n.Payload, " ")
	about := func(s *stream) bool {
		return n.Missed || what == "user" && s.ID == who || what == "guild" && s.GuildID == who || what == "client" && s.ClientID.String() == who
	}
	for _, sh := range h.shards {
		select {
		case sh.jobs <- job{suspect: about}:
		default: // the shard is busy: whoever brought the notice must not wait
			go h.tell(sh, job{suspect: about})
		}
	}
}

// tick has every watched tenant's status read again and again, spread over the interval.
func (h *Hub) tick(ctx context.Context) {
	timer := time.NewTicker(h.cfg.Tick)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			h.each(func(f *feed) { f.mark(errand{want: wantStatus}); h.schedule(f) })
		}
	}
}

// recheck has the rights of a stream's viewer checked; false when there is no room for it now.
func (h *Hub) recheck(s *stream) bool {
	select {
	case h.checks <- s:
		return true
	default:
		return false
	}
}

// checkLimit bounds one look at a viewer's rights.
const checkLimit = 5 * time.Second

// check ends the streams of those who may no longer watch. When that cannot be told, the next look decides.
func (h *Hub) check(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-h.checks:
			looking, done := context.WithTimeout(ctx, checkLimit)
			err := s.Still(looking)
			done()
			if fault.Is(err, fault.NotFound) || fault.Is(err, fault.SessionRevoked) || fault.Is(err, fault.Unauthenticated) ||
				fault.Is(err, fault.TokenExpired) || fault.Is(err, fault.Forbidden) {
				s.end()
			}
		}
	}
}

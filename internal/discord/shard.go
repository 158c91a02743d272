package discord

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	dialTimeout = 20 * time.Second
	// readLimit holds the largest READY and GUILD_CREATE there are.
	readLimit = 16 << 20
	// triesPerAddress is how often an address may fail before another is tried.
	triesPerAddress = 3
	// triesToResume is how often a resume may be left without an answer before the
	// session is given up.
	triesToResume = 5
)

// shard is one of the bot's sessions and the connections that carry it, one
// after the other.
type shard struct {
	g     *Gateway
	id    int
	count int // of all shards
	log   *slog.Logger
	queue *eventQueue

	dispatcher *dispatcher

	// Of the goroutine that connects alone.
	faults      int // connections in a row that never came to Hello
	lostResumes int // in a row

	mu         sync.Mutex
	session    Session // as received: the next resume goes on behind it
	state      ShardState
	since      time.Time
	lastAck    time.Time
	latency    time.Duration
	identifies int
	resumes    int
	guilds     map[string]bool
	told       bool // guilds is complete
}

func newShard(g *Gateway, id, count int) *shard {
	s := &shard{
		g:      g,
		id:     id,
		count:  count,
		log:    g.log.With("shard", id),
		queue:  newEventQueue(queueBytes),
		state:  ShardWaiting,
		since:  time.Now(),
		guilds: map[string]bool{},
	}
	s.dispatcher = newDispatcher(s)
	return s
}

// load takes over the session of an earlier process, or puts the shard in line
// to identify.
func (s *shard) load(ctx context.Context) {
	if s.g.cfg.Store != nil {
		ctx, cancel := context.WithTimeout(ctx, storeTimeout)
		defer cancel()
		saved, err := s.g.cfg.Store.LoadSession(ctx, s.id)
		switch {
		case err != nil:
			s.log.Warn("load gateway session", "error", err)
		case saved.exists() && saved.ShardCount == s.count:
			s.move(saved)
			s.dispatcher.begin(saved)
			return
		}
	}
	s.g.identify.enter(s.id)
}

// run keeps the shard connected until ctx ends.
func (s *shard) run(ctx, handling context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { s.dispatcher.run(ctx, handling) })
	defer wg.Wait()
	defer stop()
	defer s.enter(ShardStopped)
	var pause backoff
	for {
		began := time.Now()
		end := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if end.fatal {
			return end.err
		}
		s.learn(end)
		if end.established && time.Since(began) > stableAfter {
			pause = backoff{}
		}
		wait := max(end.wait, pause.next())
		s.enter(ShardBackoff)
		s.log.Info("gateway connection ended", "reason", end.err, "resume", s.place().exists(), "retry_in", wait)
		s.g.metrics.reconnect(end.kind)
		if !sleep(ctx, wait) {
			return nil
		}
	}
}

// ending is why a connection ended and what follows from it.
type ending struct {
	err         error
	kind        string        // for metrics: dial, close, reconnect, invalid, zombie, protocol, stop
	fatal       bool          // reconnecting is of no use
	forget      bool          // the session is gone
	wait        time.Duration // least time before the next connection
	greeted     bool          // Hello came
	resumed     bool          // a resume was sent
	established bool          // READY or RESUMED came
}

// learn draws the conclusions from a connection's end.
func (s *shard) learn(end ending) {
	s.dispatcher.flush()
	if end.greeted {
		s.faults = 0
	} else {
		s.faults++
	}
	switch {
	case end.established:
		s.lostResumes = 0
	case end.resumed:
		s.lostResumes++
	}
	if end.forget || s.lostResumes >= triesToResume {
		s.forget()
	}
}

// forget gives the session up; what was received of it is still handled.
func (s *shard) forget() {
	if !s.place().exists() {
		return
	}
	s.lostResumes = 0
	s.move(Session{})
	s.queue.force(queued{})
}

// place is the session as received.
func (s *shard) place() Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session
}

func (s *shard) move(to Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session = to
}

// connect makes one connection and serves it to its end.
func (s *shard) connect(ctx context.Context) ending {
	session := s.place()
	var slot *identifySlot
	if !session.exists() {
		s.enter(ShardWaiting)
		var err error
		if slot, err = s.g.identify.acquire(ctx, s.id); err != nil {
			return ending{err: err, kind: "stop"}
		}
		defer slot.done(false)
	}
	s.enter(ShardConnecting)
	ws, err := s.dial(ctx, session)
	if err != nil {
		return ending{err: err, kind: "dial"}
	}
	return newConnection(s, ws, slot).serve(ctx)
}

// dial goes where the session asks to be resumed, and where sessions begin if
// there is none or that address fails.
func (s *shard) dial(ctx context.Context, session Session) (*websocket.Conn, error) {
	if s.faults > 0 && s.faults%triesPerAddress == 0 {
		s.g.refreshAddress(ctx)
	}
	address := s.g.currentAddress()
	if session.exists() && s.faults < triesPerAddress {
		address = resumeAddress(session.ResumeURL, address)
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, address, &websocket.DialOptions{
		HTTPClient: s.g.cfg.HTTPClient,
		HTTPHeader: map[string][]string{"User-Agent": {s.g.cfg.UserAgent}},
	})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(readLimit)
	return ws, nil
}

func (s *shard) enter(state ShardState) {
	s.mu.Lock()
	was := s.state
	s.state, s.since = state, time.Now()
	s.mu.Unlock()
	s.g.metrics.moved(was, state)
}

// established takes note of a READY or RESUMED.
func (s *shard) established(resumed bool) {
	s.mu.Lock()
	if resumed {
		s.resumes++
	} else {
		s.identifies++
	}
	s.mu.Unlock()
	s.enter(ShardReady)
}

func (s *shard) acked(latency time.Duration) {
	s.mu.Lock()
	s.lastAck, s.latency = time.Now(), latency
	s.mu.Unlock()
	s.g.metrics.acked(s.id, latency)
}

// countGuilds keeps the set of guilds from what passes by.
func (s *shard) countGuilds(ev *Event) {
	switch ev.Type {
	case EventReady:
		var r struct {
			Guilds []GuildDelete `json:"guilds"`
		}
		if ev.Decode(&r) != nil {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.guilds, s.told = map[string]bool{}, true
		for _, g := range r.Guilds {
			s.guilds[g.ID] = true
		}
	case EventGuildCreate, EventGuildDelete:
		var g GuildDelete
		if ev.Decode(&g) != nil {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if ev.Type == EventGuildDelete && !g.Unavailable {
			delete(s.guilds, g.ID)
		} else {
			s.guilds[g.ID] = true
		}
	}
}

func (s *shard) status() (ShardStatus, bool) {
	seq := s.dispatcher.handled().Seq
	queued := s.queue.length()
	s.mu.Lock()
	defer s.mu.Unlock()
	return ShardStatus{
		ID: s.id, State: s.state, Since: s.since, LastAck: s.lastAck, Latency: s.latency,
		Seq: seq, Queued: queued, Guilds: len(s.guilds), Identifies: s.identifies, Resumes: s.resumes,
	}, s.told
}

// errStopping is why connections end when the gateway stops.
var errStopping = errors.New("gateway is stopping")

package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/store/db"
)

// Channel is a name under which processes tell each other what has changed, with NOTIFY. What is
// sent may be read by every role of the database: ids and kinds, never what a tenant wrote.
type Channel string

// ChannelAccess tells whose sessions or rights have changed: "user <Discord id>", "guild <Discord id>"
// or "client <uuid>". Triggers send it (migrations/00010_access_notices.sql).
const ChannelAccess Channel = "trackbot_access"

// ChannelLive tells what the live streams show: "posts <client uuid>" of new ones, "post <client uuid> <post
// uuid>" and "export <client uuid> <export uuid>" of one that has moved on. Triggers send it
// (migrations/00061_live.sql, 00062_live_deliveries.sql).
const ChannelLive Channel = "trackbot_live"

// ChannelData tells which of a tenant's tables have changed: "<client uuid> <table>", or "* <table>" of all tenants.
// Triggers send it (migrations/00095_data_notices.sql).
const ChannelData Channel = "trackbot_data"

// ErrDeaf says that a listener hears nothing at the moment.
var ErrDeaf = errors.New("listener hears nothing")

// Notice is what a subscriber of a channel is told.
type Notice struct {
	Payload string // of the NOTIFY
	// Missed says instead that notices may have been lost: whatever depends on them is to be read again.
	Missed bool
}

const (
	listenLimit  = 10 * time.Second // to connect, to LISTEN, to answer a ping
	shortPause   = 100 * time.Millisecond
	longPause    = 5 * time.Second
	defaultQuiet = 30 * time.Second
)

// ListenerConfig sets a Listener up; its zero value works.
type ListenerConfig struct {
	Log   *slog.Logger
	Quiet time.Duration // how long a silent connection is trusted before it is asked; 0: 30 s
}

// Listener hears the notices of a database on one connection of its own, beside the pool, and hands
// them to the subscribers of its process:
//
//	connecting ── LISTEN done: subscribers get Missed ──► hearing ── connection lost ──► waiting (0.1–5 s)
//	     ▲                                                                                     │
//	     └─────────────────────────────────────────────────────────────────────────────────────┘
//
// A notice is a hint that makes things faster, never the only way to learn of a change: while the
// connection is away nothing is told. It is safe for concurrent use.
type Listener struct {
	config  *pgx.ConnConfig
	log     *slog.Logger
	quiet   time.Duration
	hearing atomic.Bool

	mu     sync.Mutex
	subs   map[Channel][]*subscription
	asking []chan error       // who waits to have been told everything so far
	wake   context.CancelFunc // ends the wait for the next notice: there is a new channel, or somebody asks
}

type subscription struct{ tell func(Notice) }

// NewListener returns a Listener with the login and role of the store. Run makes it hear.
func (s *Store) NewListener(cfg ListenerConfig) *Listener {
	config := s.pool.Config().ConnConfig
	config.RuntimeParams["application_name"] += " listener"
	l := &Listener{
		config: config, log: cfg.Log, quiet: cfg.Quiet,
		subs: map[Channel][]*subscription{}, wake: func() {},
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if l.quiet == 0 {
		l.quiet = defaultQuiet
	}
	return l
}

// Subscribe has tell called with each notice of the channel until cancel is called, one at a time and in
// their order. It starts with Missed once the channel is heard. tell must return at once: all notices
// wait for it. A call under way when cancel returns goes on.
func (l *Listener) Subscribe(ch Channel, tell func(Notice)) (cancel func()) {
	sub := &subscription{tell}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.subs[ch] = append(l.subs[ch], sub)
	if len(l.subs[ch]) == 1 {
		l.wake()
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		// The key stays: the connection goes on listening to the channel.
		l.subs[ch] = slices.DeleteFunc(slices.Clone(l.subs[ch]), func(s *subscription) bool { return s == sub })
	}
}

// Hearing tells whether notices arrive at the moment.
func (l *Listener) Hearing() bool { return l.hearing.Load() }

// CatchUp returns once the subscribers were told every notice of the transactions whose commit had been answered
// before the call: PostgreSQL hands a session what it listens to before it answers the session's next query. It
// fails with ErrDeaf while the connection is away. It costs a round trip, which those who ask meanwhile share.
func (l *Listener) CatchUp(ctx context.Context) error {
	told := make(chan error, 1)
	l.mu.Lock()
	if !l.hearing.Load() {
		l.mu.Unlock()
		return ErrDeaf
	}
	l.asking = append(l.asking, told)
	l.wake()
	l.mu.Unlock()
	select {
	case err := <-told:
		return err
	case <-ctx.Done():
		return fmt.Errorf("catch up with notices: %w", ctx.Err())
	}
}

// Run hears until ctx ends, then returns nil; it connects anew whenever the connection is lost.
func (l *Listener) Run(ctx context.Context) error {
	for pause := shortPause; ; pause = min(2*pause, longPause) {
		heard, err := l.session(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if heard {
			pause = shortPause
		}
		l.log.WarnContext(ctx, "listener lost its connection", "error", err.Error())
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause/2 + rand.N(pause/2)): // replicas do not come back as one
		}
	}
}

// session hears on one connection until it is lost; heard tells whether it ever stood.
func (l *Listener) session(ctx context.Context) (heard bool, err error) {
	conn, err := l.connect(ctx)
	if err != nil {
		return false, fmt.Errorf("connect listener: %w", err)
	}
	defer hangUp(conn)
	defer l.deafen()
	channels := map[Channel]bool{}
	for {
		if err := l.hear(ctx, conn, channels); err != nil {
			return heard, err
		}
		heard = true
	}
}

// deafen notes that the connection is lost and tells those who ask.
func (l *Listener) deafen() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hearing.Store(false)
	answer(l.asking, ErrDeaf)
	l.asking = nil
}

func answer(asking []chan error, err error) {
	for _, told := range asking {
		told <- err
	}
}

func (l *Listener) connect(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, listenLimit)
	defer cancel()
	return pgx.ConnectConfig(ctx, l.config.Copy())
}

// hangUp says goodbye; a server that does not answer is left after a moment.
func hangUp(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // there is nothing to lose
}

// hear listens to the channels that are new and then waits for one notice, a new channel, or the end of
// the quiet time, after which the connection has to prove that it is still there.
func (l *Listener) hear(ctx context.Context, conn *pgx.Conn, channels map[Channel]bool) error {
	waiting, cancel := context.WithTimeout(ctx, l.quiet)
	defer cancel()
	asking, err := l.listen(ctx, conn, channels, cancel)
	if err != nil {
		return err
	}
	l.hearing.Store(true)
	if len(asking) > 0 {
		return l.catchUp(ctx, conn, asking)
	}
	n, err := conn.WaitForNotification(waiting)
	switch {
	case err == nil:
		l.tell(Channel(n.Channel), Notice{Payload: n.Payload})
		return nil
	case ctx.Err() != nil || waiting.Err() == nil:
		return fmt.Errorf("wait for notice: %w", err)
	case errors.Is(waiting.Err(), context.Canceled):
		return nil
	}
	return ask(ctx, conn)
}

// ask makes the connection prove that it is still there.
func ask(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, listenLimit)
	defer cancel()
	if err := conn.Ping(ctx); err != nil {
		return fmt.Errorf("ask listener's connection: %w", err)
	}
	return nil
}

// catchUp asks the server anything: what it has to tell comes before its answer.
func (l *Listener) catchUp(ctx context.Context, conn *pgx.Conn, asking []chan error) error {
	if err := ask(ctx, conn); err != nil {
		answer(asking, ErrDeaf)
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel() // what has come is handed out all the same, and nothing is waited for
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			answer(asking, nil)
			return nil
		}
		l.tell(Channel(n.Channel), Notice{Payload: n.Payload})
	}
}

// listen begins with the channels that have come since the last call and takes over who asks; wake tells of more
// from now on. The channels' subscribers learn that they may have missed something before they are told anything else.
func (l *Listener) listen(ctx context.Context, conn *pgx.Conn, channels map[Channel]bool, wake context.CancelFunc) (asking []chan error, err error) {
	l.mu.Lock()
	l.wake = wake
	asking, l.asking = l.asking, nil
	var fresh []Channel
	for ch := range l.subs {
		if !channels[ch] {
			fresh = append(fresh, ch)
		}
	}
	l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, listenLimit)
	defer cancel()
	for _, ch := range fresh {
		if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{string(ch)}.Sanitize()); err != nil {
			answer(asking, ErrDeaf)
			return nil, fmt.Errorf("listen to %s: %w", ch, err)
		}
		channels[ch] = true
		l.tell(ch, Notice{Missed: true})
	}
	return asking, nil
}

func (l *Listener) tell(ch Channel, n Notice) {
	l.mu.Lock()
	subs := l.subs[ch]
	l.mu.Unlock()
	for _, sub := range subs {
		sub.tell(n)
	}
}

// Notify tells the channel's subscribers in every process when conn's transaction commits, and nobody
// when it does not. The payload is at most 8000 bytes; equal ones of a transaction arrive once.
func Notify(ctx context.Context, conn Conn, ch Channel, payload string) error {
	if err := db.New().Notify(ctx, conn, string(ch), payload); err != nil {
		return fmt.Errorf("notify %s: %w", ch, err)
	}
	return nil
}

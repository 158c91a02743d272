package bot

import (
	"context"
	"fmt"
	"sync"
	"time"

	"trackbot/internal/discord"
	"trackbot/internal/guild"
)

const (
	maxInLine   = 4096 // guild events of a shard that wait: more than the guilds it may have
	saveTimeout = 5 * time.Second
)

// lines are the guild events that wait for the database, one line a shard, and the shards' places
// in the stream of events. A place is stored only up to the first event in line, so that the next
// process is told again whatever this one has not written down. Interactions do not queue up here:
// they are of use for three seconds only, whatever the database does.
type lines struct {
	memory Memory

	mu     sync.Mutex
	shards map[int]*line // guarded by mu
}

func newLines(memory Memory) *lines { return &lines{memory: memory, shards: map[int]*line{}} }

// of returns the line of a shard.
func (l *lines) of(shard int) *line {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shards[shard] == nil {
		l.shards[shard] = &line{events: make(chan discord.Event, maxInLine), turn: make(chan struct{}, 1), endSearch: func() {}}
	}
	return l.shards[shard]
}

// LoadSession returns the place of a shard, whatever the number of shards was when it was saved.
func (l *lines) LoadSession(ctx context.Context, shard int) (discord.Session, error) {
	p, err := l.memory.Place(ctx, int32(shard))
	if err != nil {
		return discord.Session{}, fmt.Errorf("load gateway session: %w", err)
	}
	return discord.Session{ID: p.SessionID, ResumeURL: p.ResumeURL, Seq: p.Sequence, ShardCount: int(p.ShardCount)}, nil
}

// SaveSession replaces the place of a shard, as far as its events are written down.
func (l *lines) SaveSession(ctx context.Context, shard int, at discord.Session) error {
	return l.save(ctx, shard, l.of(shard).reached(at))
}

func (l *lines) save(ctx context.Context, shard int, at discord.Session) error {
	if at.ID != "" && at.Seq <= 0 {
		return nil // not even the first event is written down
	}
	place := guild.StreamPlace{SessionID: at.ID, ResumeURL: at.ResumeURL, Sequence: at.Seq, ShardCount: int32(at.ShardCount)}
	if err := l.memory.SavePlace(ctx, int32(shard), place); err != nil {
		return fmt.Errorf("save gateway session: %w", err)
	}
	return nil
}

// line is one shard's.
type line struct {
	events chan discord.Event
	begin  sync.Once     // its worker
	turn   chan struct{} // held by whoever writes down what became of the shard's guilds

	endSearch context.CancelFunc // of removals that nobody heard; the worker's alone

	mu      sync.Mutex
	waiting []place // of the events in line and the one in work, oldest first
	session int     // counts the sessions this process has seen begin
	told    discord.Session
	behind  bool // what was saved last is before what was told
}

// place is where an event stood in which session.
type place struct {
	session int
	seq     int64
}

// join puts an event at the end. It waits for room, or until ctx ends.
func (l *line) join(ctx context.Context, ev discord.Event) {
	l.mu.Lock()
	if ev.Type == discord.EventReady {
		l.session++
	}
	l.waiting = append(l.waiting, place{l.session, ev.Seq})
	l.mu.Unlock()
	select {
	case l.events <- ev:
	case <-ctx.Done():
	}
}

// reached notes where the gateway is and returns how far of it is written down. Events of an
// earlier session do not count: whoever begins a session is told everything anew.
func (l *line) reached(told discord.Session) discord.Session {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.told, l.behind = told, false
	for _, p := range l.waiting {
		if p.session == l.session && p.seq <= told.Seq {
			l.behind = true
			told.Seq = p.seq - 1
			break
		}
	}
	return told
}

// done takes the first event off the line. When that was the last one and the place saved is
// behind, it gives the place to save now.
func (l *line) done() (at discord.Session, due bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = l.waiting[1:]
	if len(l.waiting) > 0 || !l.behind || l.told.ID == "" {
		return at, false
	}
	l.behind = false
	return l.told, true
}

// inTurn does something while no event of the shard is handled, or fails when ctx ends before.
func (l *line) inTurn(ctx context.Context, do func() error) error {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
		return do()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// work handles the events of a line in order until ctx ends. What is left then is told again.
func (b *Bot) work(ctx context.Context, shard int, l *line) {
	for {
		select {
		case <-ctx.Done():
			return
		case ev := <-l.events:
			_ = l.inTurn(ctx, func() error { b.settle(ctx, shard, ev); return nil }) // but at the end of ctx
			if ctx.Err() != nil {
				return
			}
			if at, due := l.done(); due {
				b.savePlace(ctx, shard, at)
			}
		}
	}
}

func (b *Bot) savePlace(ctx context.Context, shard int, at discord.Session) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	if err := b.lines.save(ctx, shard, at); err != nil {
		b.log.WarnContext(ctx, "save place in events", "shard", shard, "error", err)
	}
}

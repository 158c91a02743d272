package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

const (
	helloTimeout = 20 * time.Second
	writeTimeout = 10 * time.Second
	// closePatience is how long a close frame is waited for before the
	// connection is cut.
	closePatience = time.Second
)

var (
	errZombie    = errors.New("no heartbeat was acknowledged")
	errReconnect = errors.New("discord asks to reconnect")
	errInvalid   = errors.New("discord declares the session invalid")
)

// connection is one websocket of a shard.
type connection struct {
	s    *shard
	ws   *websocket.Conn
	slot *identifySlot // nil: resume
	send *sendWindow
	beat chan struct{} // a heartbeat is asked for

	// life ends the reads; it is cut when the connection is given up.
	life context.Context
	cut  context.CancelFunc

	closing chan websocket.StatusCode // to be closed with
	stalled atomic.Bool               // reading waits for the handler

	// Of the reading goroutine alone.
	greeted, resumed, established bool

	mu     sync.Mutex
	reason *ending // why we ended it, first come
	sentAt time.Time
	unsure bool // a regular heartbeat is not acknowledged yet
}

func newConnection(s *shard, ws *websocket.Conn, slot *identifySlot) *connection {
	return &connection{
		s: s, ws: ws, slot: slot,
		send:    newSendWindow(),
		beat:    make(chan struct{}, 1),
		closing: make(chan websocket.StatusCode, 1),
	}
}

// serve greets, identifies or resumes, and reads until the connection ends. All
// its goroutines have ended when it returns.
func (c *connection) serve(ctx context.Context) ending {
	c.life, c.cut = context.WithCancel(context.WithoutCancel(ctx))
	var wg sync.WaitGroup
	defer wg.Wait()
	defer c.ws.CloseNow()
	defer c.cut()
	wg.Go(func() { c.watch(ctx) })
	end := c.converse(&wg)
	end.greeted, end.resumed, end.established = c.greeted, c.resumed, c.established
	return end
}

// watch closes the connection when ctx ends or the close was asked for: it sends
// the close frame, gives Discord a moment to answer and then cuts the connection.
func (c *connection) watch(ctx context.Context) {
	var code websocket.StatusCode
	select {
	case <-c.life.Done():
		return
	case code = <-c.closing:
	case <-ctx.Done():
		c.hangUp(ending{err: errStopping, kind: "stop"}, c.stopCode())
		code = <-c.closing
	}
	timer := time.AfterFunc(closePatience, c.cut)
	defer timer.Stop()
	_ = c.ws.Close(code, "") // whatever comes of it, the connection is over
}

// converse is the connection's conversation from Hello on.
func (c *connection) converse(wg *sync.WaitGroup) ending {
	interval, end := c.hello()
	if end != nil {
		return *end
	}
	c.greeted = true
	wg.Go(func() { c.heartbeats(interval) })
	if err := c.introduce(); err != nil {
		return c.ended(err)
	}
	for {
		f, err := c.read(c.life)
		if err != nil {
			return c.ended(err)
		}
		if end := c.handle(f); end != nil {
			return *end
		}
	}
}

// hello waits for the first frame. Discord may send it away right there.
func (c *connection) hello() (time.Duration, *ending) {
	ctx, cancel := context.WithTimeout(c.life, helloTimeout)
	defer cancel()
	for {
		f, err := c.read(ctx)
		if err != nil {
			end := c.ended(err)
			return 0, &end
		}
		if f.Op == opHello {
			interval, err := helloInterval(f.Data)
			if err != nil {
				return 0, c.protocol(err)
			}
			return interval, nil
		}
		if end := c.handle(f); end != nil {
			return 0, end
		}
	}
}

// introduce identifies or resumes.
func (c *connection) introduce() error {
	if err := c.send.wait(c.life, false); err != nil {
		return err
	}
	if c.slot == nil {
		c.s.enter(ShardResuming)
		c.resumed = true
		at := c.s.place()
		return c.write(opResume, map[string]any{"token": c.s.g.cfg.Token, "session_id": at.ID, "seq": at.Seq})
	}
	c.s.enter(ShardIdentifying)
	err := c.write(opIdentify, map[string]any{
		"token":   c.s.g.cfg.Token,
		"intents": c.s.g.cfg.Intents,
		"shard":   [2]int{c.s.id, c.s.count},
		"properties": map[string]string{
			"os": runtime.GOOS, "browser": "trackbot", "device": "trackbot",
		},
	})
	c.slot.done(true) // also after a fault: it may have arrived
	return err
}

// errFrame is a frame that cannot be understood.
var errFrame = errors.New("unreadable frame")

func (c *connection) read(ctx context.Context) (frame, error) {
	_, data, err := c.ws.Read(ctx)
	if err != nil {
		return frame{}, err
	}
	f, err := decodeFrame(data)
	if err != nil {
		return f, fmt.Errorf("%w: %w", errFrame, err)
	}
	return f, nil
}

// write sends a payload, which the send window must have counted.
func (c *connection) write(op int, data any) error {
	text, err := json.Marshal(map[string]any{"op": op, "d": data})
	if err != nil {
		return fmt.Errorf("encode payload: %w", err)
	}
	if len(text) > maxPayload {
		return fmt.Errorf("payload of %d bytes is over %d", len(text), maxPayload)
	}
	ctx, cancel := context.WithTimeout(c.life, writeTimeout)
	defer cancel()
	return c.ws.Write(ctx, websocket.MessageText, text)
}

// handle acts on a frame; a result ends the connection.
func (c *connection) handle(f frame) *ending {
	switch f.Op {
	case opDispatch:
		return c.dispatch(f)
	case opHeartbeat:
		signal(c.beat)
	case opHeartbeatACK:
		c.acked()
	case opReconnect:
		c.hangUp(ending{err: errReconnect, kind: "reconnect"}, closeResumable)
	case opInvalidSession:
		var resumable bool
		_ = json.Unmarshal(f.Data, &resumable) // anything but true is false
		c.hangUp(ending{
			err: errInvalid, kind: "invalid", forget: !resumable,
			wait: time.Second + randomBelow(4*time.Second),
		}, closeResumable)
	}
	return nil
}

// dispatch queues an event. The session's place moves on only when the event is
// safe in the queue; what comes again in a replay is skipped.
func (c *connection) dispatch(f frame) *ending {
	if f.Type == nil {
		return nil
	}
	session := c.s.place()
	ev := &Event{Type: *f.Type, Data: f.Data, Seq: session.Seq}
	if f.Seq != nil {
		ev.Seq = *f.Seq
	}
	switch {
	case ev.Type == EventReady:
		var r Ready
		if err := ev.Decode(&r); err != nil {
			return c.protocol(err)
		}
		if r.SessionID == "" {
			return c.protocol(errors.New("READY without a session"))
		}
		session = Session{ID: r.SessionID, ResumeURL: r.ResumeGatewayURL, ShardCount: c.s.count}
	case f.Seq != nil && ev.Seq <= session.Seq && ev.Type != EventResumed:
		return nil
	}
	session.Seq = max(session.Seq, ev.Seq)
	c.stalled.Store(true)
	err := c.s.queue.push(c.life, queued{event: ev, session: session})
	c.stalled.Store(false)
	if err != nil {
		end := c.ended(err)
		return &end
	}
	c.s.move(session)
	c.s.countGuilds(ev)
	if ev.Type == EventReady || ev.Type == EventResumed {
		c.established = true
		c.s.established(ev.Type == EventResumed)
	}
	return nil
}

// ended says why reading failed: for a reason of ours, with a close code, or
// because the connection dropped.
func (c *connection) ended(err error) ending {
	c.mu.Lock()
	reason := c.reason
	c.mu.Unlock()
	if reason != nil {
		return *reason
	}
	if errors.Is(err, errFrame) {
		return *c.protocol(err)
	}
	closed, ok := errors.AsType[websocket.CloseError](err)
	if !ok {
		return ending{err: fmt.Errorf("connection dropped: %w", err), kind: "drop"}
	}
	code := int(closed.Code)
	cause := &CloseError{Code: code, Reason: closed.Reason}
	return ending{err: cause, kind: "close", fatal: fatalClose(code), forget: lostSession(code)}
}

// protocol ends a connection on which Discord says what cannot be understood.
func (c *connection) protocol(err error) *ending {
	end := ending{err: err, kind: "protocol"}
	c.hangUp(end, closeResumable)
	return &end
}

// hangUp has the connection closed, for the first reason given. Reading goes on
// until Discord has closed its side too or the patience is over.
func (c *connection) hangUp(end ending, code websocket.StatusCode) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reason == nil {
		c.reason = &end
		c.closing <- code
	}
}

// stopCode ends the session with the process, unless a next one can go on with it.
func (c *connection) stopCode() websocket.StatusCode {
	if c.s.g.cfg.Store != nil {
		return closeResumable
	}
	return websocket.StatusNormalClosure
}

package sim

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// Gateway opcodes (Discord API docs: Gateway Opcodes).
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoiceState     = 4
	opResume         = 6
	opReconnect      = 7
	opRequestMembers = 8
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatACK   = 11
)

// Gateway close codes (Discord API docs: Gateway Close Event Codes).
const (
	closeUnknownError     = 4000
	closeUnknownOpcode    = 4001
	closeDecodeError      = 4002
	closeNotAuthenticated = 4003
	closeAuthFailed       = 4004
	closeAlreadyAuth      = 4005
	closeInvalidSeq       = 4007
	closeRateLimited      = 4008
	closeTimedOut         = 4009
	closeInvalidShard     = 4010
	closeShardingRequired = 4011
	closeInvalidVersion   = 4012
	closeInvalidIntents   = 4013
	closeDisallowed       = 4014
)

// maxSend is the largest payload an app may send (Discord API docs: Sending Events).
const maxSend = 4096

type frame struct {
	Op int     `json:"op"`
	D  any     `json:"d"`
	S  *int64  `json:"s"`
	T  *string `json:"t"`
}

type closeFrame struct {
	code   websocket.StatusCode
	reason string
}

// gwConn is one websocket. ctx ends when it is cut; the other fields are guarded by Sim.mu.
type gwConn struct {
	ws     *websocket.Conn
	ctx    context.Context
	cut    context.CancelFunc
	wake   chan struct{}
	base   string // ws URL for resuming
	queue  [][]byte
	close  *closeFrame
	zombie bool // deaf to heartbeats and silent, but open
	sess   *gwSession
	beat   time.Time
	sends  []time.Time // of the last 60 s
}

// serveGateway is one connection from upgrade to end.
func (s *Sim) serveGateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	paused := s.gw.paused
	s.mu.Unlock()
	if paused {
		http.Error(w, "gateway unavailable", http.StatusServiceUnavailable)
		return
	}
	if !s.begin() {
		http.Error(w, "closing", http.StatusServiceUnavailable)
		return
	}
	defer s.work.Done()
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return // Accept has answered
	}
	ws.SetReadLimit(1 << 20)
	ctx, cut := context.WithCancel(s.ctx)
	c := &gwConn{
		ws: ws, ctx: ctx, cut: cut, wake: make(chan struct{}, 1),
		base: "ws" + s.baseURL(r)[len("http"):] + "/gateway/resume", beat: time.Now(),
	}
	s.mu.Lock()
	s.gw.conns[c] = struct{}{}
	s.gw.stats.Connections++
	s.greet(c, r)
	s.mu.Unlock()

	written := make(chan struct{})
	go func() {
		defer close(written)
		s.writeLoop(c)
	}()
	err = s.readLoop(c)
	s.detach(c, websocket.CloseStatus(err))
	<-written
	_ = ws.CloseNow()
}

// greet sends HELLO, or the close code that the query string asks for.
func (s *Sim) greet(c *gwConn, r *http.Request) {
	q := r.URL.Query()
	switch {
	case q.Get("v") != "" && q.Get("v") != "10":
		c.fail(closeInvalidVersion, "Invalid API version.")
	case q.Get("encoding") != "" && q.Get("encoding") != "json", q.Get("compress") != "":
		c.fail(closeUnknownError, "Only plain JSON is simulated.")
	default:
		c.send(frame{Op: opHello, D: object{"heartbeat_interval": s.cfg.Gateway.HeartbeatInterval.Milliseconds()}})
	}
}

// send queues a frame that is no dispatch. Callers hold mu.
func (c *gwConn) send(f frame) {
	data, err := json.Marshal(f)
	if err != nil {
		panic(err) // frames are made of plain values
	}
	c.push(data)
}

func (c *gwConn) push(data []byte) {
	if c.zombie || c.close != nil {
		return
	}
	c.queue = append(c.queue, data)
	c.signal()
}

// fail closes the connection with a code after what is queued.
func (c *gwConn) fail(code websocket.StatusCode, reason string) {
	if c.close == nil {
		c.close = &closeFrame{code, reason}
		c.signal()
	}
}

func (c *gwConn) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// writeLoop sends what is queued and closes a client whose heartbeat stays away.
func (s *Sim) writeLoop(c *gwConn) {
	defer c.cut()
	limit := s.cfg.Gateway.HeartbeatInterval * 3 / 2
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case <-c.ctx.Done():
			_ = c.ws.CloseNow()
			return
		case <-c.wake:
		case <-timer.C:
			s.mu.Lock()
			left := time.Until(c.beat.Add(limit))
			if left <= 0 && !c.zombie {
				c.fail(closeTimedOut, "Session timed out.")
			}
			s.mu.Unlock()
			timer.Reset(max(left, limit/10))
		}
		s.mu.Lock()
		batch, end := c.queue, c.close
		c.queue = nil
		s.mu.Unlock()
		for _, data := range batch {
			if s.write(c, data) != nil {
				return
			}
		}
		if end != nil {
			_ = c.ws.Close(end.code, end.reason)
			return
		}
	}
}

func (s *Sim) write(c *gwConn, data []byte) error {
	ctx, cancel := context.WithTimeout(c.ctx, 10*time.Second)
	defer cancel()
	return c.ws.Write(ctx, websocket.MessageText, data)
}

// readLoop handles what the client sends until the connection ends.
func (s *Sim) readLoop(c *gwConn) error {
	for {
		kind, data, err := c.ws.Read(c.ctx)
		if err != nil {
			return err
		}
		var in struct {
			Op *int            `json:"op"`
			D  json.RawMessage `json:"d"`
		}
		s.mu.Lock()
		switch {
		case c.zombie || c.close != nil: // heard by nobody
		case kind != websocket.MessageText, len(data) > maxSend, json.Unmarshal(data, &in) != nil, in.Op == nil:
			c.fail(closeDecodeError, "Error while decoding payload.")
		case !c.maySend(s.cfg.Gateway.Sends):
			c.fail(closeRateLimited, "You are being rate limited.")
		default:
			s.receive(c, *in.Op, in.D)
		}
		s.mu.Unlock()
	}
}

// maySend counts one payload against the limit of 120 in 60 seconds (Discord API docs: Rate Limiting).
func (c *gwConn) maySend(limit int) bool {
	now := time.Now()
	for len(c.sends) > 0 && now.Sub(c.sends[0]) > time.Minute {
		c.sends = c.sends[1:]
	}
	c.sends = append(c.sends, now)
	return limit < 0 || len(c.sends) <= limit
}

func (s *Sim) receive(c *gwConn, op int, d json.RawMessage) {
	switch op {
	case opHeartbeat:
		c.beat = time.Now()
		c.send(frame{Op: opHeartbeatACK})
	case opIdentify:
		s.identify(c, d)
	case opResume:
		s.resume(c, d)
	case opPresence, opVoiceState, opRequestMembers:
		if c.sess == nil {
			c.fail(closeNotAuthenticated, "Not authenticated.")
		} else if op == opRequestMembers {
			s.sendMembers(c, d)
		}
	default:
		if c.sess == nil {
			c.fail(closeNotAuthenticated, "Not authenticated.")
			return
		}
		c.fail(closeUnknownOpcode, "Unknown opcode.")
	}
}

// detach keeps the session for a resume, unless the client said goodbye with 1000 or 1001
// (Discord API docs: Initiating a Disconnect).
func (s *Sim) detach(c *gwConn, status websocket.StatusCode) {
	c.cut()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.gw.conns, c)
	goodbye := status == websocket.StatusNormalClosure || status == websocket.StatusGoingAway
	if s.lose(c) && goodbye && c.close == nil {
		delete(s.gw.sessions, c.sess.id)
	}
}

// lose parts a session from its connection. Callers hold mu.
func (s *Sim) lose(c *gwConn) bool {
	if c.sess == nil || c.sess.conn != c {
		return false
	}
	c.sess.conn, c.sess.lostAt = nil, s.now()
	s.touch()
	return true
}

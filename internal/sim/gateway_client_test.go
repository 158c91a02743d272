package sim_test

import (
	"context"
	"encoding/json"
	"runtime"
	"testing"
	"time"

	"github.com/coder/websocket"

	"trackbot/internal/sim"
)

// socket is a gateway client under the test's hand.
type socket struct {
	t    *testing.T
	conn *websocket.Conn
}

type event struct {
	Op  int             `json:"op"`
	S   *int64          `json:"s"`
	T   string          `json:"t"`
	D   m               `json:"-"`
	Raw json.RawMessage `json:"d"`
}

func (w *world) dial(url string) *socket {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: w.client})
	if err != nil {
		w.t.Fatalf("dial gateway: %v", err)
	}
	conn.SetReadLimit(1 << 20)
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	s := &socket{w.t, conn}
	if hello := s.next(); hello.Op != 10 || hello.D["heartbeat_interval"] == nil {
		w.t.Fatalf("first frame is %+v, want HELLO", hello)
	}
	return s
}

func (w *world) gateway() *socket {
	w.t.Helper()
	return w.dial(w.rest("GET", "/gateway/bot", nil).str("url") + "?v=10&encoding=json")
}

func (s *socket) send(op int, d any) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.conn.Write(ctx, websocket.MessageText, must(json.Marshal(m{"op": op, "d": d}))); err != nil {
		s.t.Fatalf("send op %d: %v", op, err)
	}
}

func (s *socket) read() (event, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, data, err := s.conn.Read(ctx)
	if err != nil {
		return event{}, err
	}
	var e event
	if err := json.Unmarshal(data, &e); err != nil {
		return event{}, err
	}
	_ = json.Unmarshal(e.Raw, &e.D) // op 9 carries a bool
	return e, nil
}

func (s *socket) next() event {
	s.t.Helper()
	e, err := s.read()
	if err != nil {
		s.t.Fatalf("read frame: %v", err)
	}
	return e
}

// wait reads until the named event arrives.
func (s *socket) wait(name string) event {
	s.t.Helper()
	for {
		if e := s.next(); e.T == name {
			return e
		}
	}
}

func (s *socket) wantClose(code int) {
	s.t.Helper()
	for {
		if _, err := s.read(); err != nil {
			if got := websocket.CloseStatus(err); int(got) != code {
				s.t.Fatalf("closed with %d (%v), want %d", got, err, code)
			}
			return
		}
	}
}

func (w *world) identity(edit m) m {
	d := m{"token": w.BotToken(), "intents": 1, "properties": m{"os": "linux"}}
	for k, v := range edit {
		d[k] = v
	}
	return d
}

func fastIdentify(c *sim.Config) {
	c.Limits.Off = true
	c.Gateway.MaxConcurrency = 16
	c.Gateway.IdentifyInterval = time.Nanosecond
}

// ready identifies and returns READY after the guilds have come.
func (w *world) ready(edit m) (*socket, event) {
	w.t.Helper()
	w.clock.advance(10 * time.Second)
	s := w.gateway()
	s.send(2, w.identity(edit))
	e := s.next()
	if e.T != "READY" {
		w.t.Fatalf("answer to IDENTIFY is %+v", e)
	}
	return s, e
}

func (w *world) resume(ready event, seq int64) *socket {
	w.t.Helper()
	s := w.dial(ready.D["resume_gateway_url"].(string) + "/?v=10&encoding=json")
	s.send(6, m{"token": w.BotToken(), "session_id": ready.D["session_id"], "seq": seq})
	return s
}

func (w *world) connected() bool {
	for _, g := range w.GatewaySessions() {
		if g.Connected {
			return true
		}
	}
	return false
}

// until waits for what another goroutine is about to do.
func (w *world) until(done func() bool) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); !done(); runtime.Gosched() {
		if time.Now().After(end) {
			w.t.Fatal("it did not happen")
		}
	}
}

package discord_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// patience is how long, in fake time, a test waits for something to happen.
const patience = 30 * time.Minute

// network connects the client with fake gateways inside a test's bubble, where
// time is fake too.
type network struct {
	mu    sync.Mutex
	lines map[string]*line
}

// line is a listener that is dialled by host name.
type line struct {
	host   string
	calls  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *line) Accept() (net.Conn, error) {
	select {
	case c := <-l.calls:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *line) Close() error   { l.once.Do(func() { close(l.closed) }); return nil }
func (l *line) Addr() net.Addr { return &net.UnixAddr{Name: l.host, Net: "memory"} }

func (n *network) listen(host string) *line {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := &line{host: host, calls: make(chan net.Conn), closed: make(chan struct{})}
	n.lines[host] = l
	return l
}

func (n *network) dial(ctx context.Context, _, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	l := n.lines[host]
	n.mu.Unlock()
	if l == nil {
		return nil, errors.New("no such host")
	}
	here, there := net.Pipe()
	select {
	case l.calls <- there:
		return here, nil
	case <-l.closed:
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// payload is a frame that the client sent, and when.
type payload struct {
	Op int             `json:"op"`
	D  json.RawMessage `json:"d"`
	at time.Time
}

// peer is the gateway's end of one connection.
type peer struct {
	t     *testing.T
	host  string
	query url.Values
	at    time.Time
	ws    *websocket.Conn
	in    chan payload
	ended chan websocket.StatusCode // the client's close code, -1 for none
	gate  chan struct{}             // who holds it keeps the server from reading

	mu  sync.Mutex
	ack bool
}

// fakeGateway accepts connections and leaves them to the test's script.
type fakeGateway struct {
	t     *testing.T
	net   *network
	peers chan *peer
	srvs  map[string]*http.Server
	wg    sync.WaitGroup
}

func newFakeGateway(t *testing.T) *fakeGateway {
	return &fakeGateway{
		t: t, net: &network{lines: map[string]*line{}}, peers: make(chan *peer, 64),
		srvs: map[string]*http.Server{},
	}
}

func (g *fakeGateway) up(host string) {
	l := g.net.listen(host)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { g.serve(host, w, r) })}
	g.srvs[host] = srv
	g.wg.Go(func() { _ = srv.Serve(l) })
}

func (g *fakeGateway) down(host string) { _ = g.srvs[host].Close() }

func (g *fakeGateway) close() {
	for host := range g.srvs {
		g.down(host)
	}
	for {
		select {
		case p := <-g.peers:
			_ = p.ws.CloseNow()
			continue
		default:
		}
		break
	}
	g.wg.Wait()
}

func (g *fakeGateway) serve(host string, w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		g.t.Errorf("accept: %v", err)
		return
	}
	ws.SetReadLimit(1 << 20)
	p := &peer{
		t: g.t, host: host, query: r.URL.Query(), at: time.Now(), ws: ws, ack: true,
		in: make(chan payload, 4096), ended: make(chan websocket.StatusCode, 1), gate: make(chan struct{}, 1),
	}
	g.peers <- p
	g.wg.Add(1)
	defer g.wg.Done()
	defer ws.CloseNow()
	acks := make(chan struct{}, 4096)
	defer close(acks)
	g.wg.Go(func() {
		for range acks {
			p.write(`{"op":11}`)
		}
	})
	for {
		p.gate <- struct{}{}
		<-p.gate
		_, data, err := ws.Read(context.Background())
		if err != nil {
			p.ended <- websocket.CloseStatus(err)
			return
		}
		f := payload{at: time.Now()}
		if err := json.Unmarshal(data, &f); err != nil {
			g.t.Errorf("client sent %q", data)
		}
		p.mu.Lock()
		ack := p.ack
		p.mu.Unlock()
		p.in <- f
		if f.Op == 1 && ack {
			acks <- struct{}{}
		}
	}
}

// accept waits for the next connection.
func (g *fakeGateway) accept() *peer {
	g.t.Helper()
	select {
	case p := <-g.peers:
		return p
	case <-time.After(patience):
		g.t.Fatal("no connection came")
		return nil
	}
}

func (p *peer) setAck(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ack = on
}

// write ignores faults: the client may have gone.
func (p *peer) write(text string) {
	_ = p.ws.Write(context.Background(), websocket.MessageText, []byte(text))
}

func (p *peer) send(v any) {
	p.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(string(text))
}

func (p *peer) hello(interval time.Duration) {
	p.send(map[string]any{"op": 10, "d": map[string]any{"heartbeat_interval": interval.Milliseconds()}})
}

func (p *peer) event(seq int, name string, data any) {
	p.send(map[string]any{"op": 0, "s": seq, "t": name, "d": data})
}

func (p *peer) invalidSession(resumable bool) {
	p.send(map[string]any{"op": 9, "d": resumable})
}

// expect returns the next payload of the client that is no heartbeat, unless
// heartbeats are what is expected.
func (p *peer) expect(op int) payload {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case f := <-p.in:
			if f.Op == op {
				return f
			}
			if f.Op != 1 {
				p.t.Fatalf("client sent op %d %s, want op %d", f.Op, f.D, op)
			}
		case <-deadline:
			p.t.Fatalf("client sent no op %d", op)
			return payload{}
		}
	}
}

// closed waits for the end of the connection and returns the client's close code.
func (p *peer) closed() websocket.StatusCode {
	p.t.Helper()
	select {
	case code := <-p.ended:
		return code
	case <-time.After(patience):
		p.t.Fatal("connection stays open")
		return 0
	}
}

func (p *peer) close(code int) { _ = p.ws.Close(websocket.StatusCode(code), "scripted") }

func (p *peer) drop() { _ = p.ws.CloseNow() }

// field returns a member of a payload's data.
func (f payload) field(t *testing.T, name string) string {
	t.Helper()
	var all map[string]json.RawMessage
	if err := json.Unmarshal(f.D, &all); err != nil {
		t.Fatalf("payload %s: %v", f.D, err)
	}
	return string(all[name])
}

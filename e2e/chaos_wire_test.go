package e2e_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// wire is the network between one process and the database: a proxy that can spoil what goes over it.
type wire struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	mode  string        // "" passes; cut, stall, delay, half-open, deaf
	turn  chan struct{} // closed when the mode changes
	links map[*link]bool
}

// link is one connection through the wire. One that is lost carries nothing any more and says nothing of it.
type link struct {
	near, far *net.TCPConn
	lost      bool // guarded by the wire's mu
}

// newWire listens on loopback and passes connections on until the test ends.
func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", freeAddr(t))
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, to: to, turn: make(chan struct{}), links: map[*link]bool{}}
	go w.accept()
	t.Cleanup(func() {
		_ = l.Close()
		w.set("")
		w.reset()
	})
	return w
}

func hostOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

func (w *wire) addr() string { return w.listener.Addr().String() }

func (w *wire) accept() {
	for {
		c, err := w.listener.Accept()
		if err != nil {
			return
		}
		go w.carry(c.(*net.TCPConn))
	}
}

// set changes the mode. What a half-open or deaf wire has swallowed is reset when that ends, as a kernel
// does in the end with a peer that does not answer.
func (w *wire) set(mode string) {
	w.mu.Lock()
	before := w.mode
	w.mode = mode
	close(w.turn)
	w.turn = make(chan struct{})
	for l := range w.links {
		switch {
		case mode == "cut", mode == "" && l.lost:
			l.reset()
		case mode == "half-open":
			l.lost = true
		}
	}
	w.mu.Unlock()
	if before == "deaf" {
		w.resetLost()
	}
}

// reset ends all connections at once with a TCP reset.
func (w *wire) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for l := range w.links {
		l.reset()
	}
}

func (w *wire) resetLost() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for l := range w.links {
		if l.lost {
			l.reset()
		}
	}
}

func (l *link) reset() {
	for _, c := range []*net.TCPConn{l.near, l.far} {
		if c != nil {
			_ = c.SetLinger(0) // close by a reset
			_ = c.Close()
		}
	}
}

const dialLimit = 2 * time.Second

// carry passes the bytes of one connection.
func (w *wire) carry(near *net.TCPConn) {
	l := &link{near: near}
	w.mu.Lock()
	mode, turn := w.mode, w.turn
	w.links[l] = true
	l.lost = mode == "deaf"
	w.mu.Unlock()
	defer w.forget(l)
	switch mode {
	case "cut":
		l.reset()
		return
	case "deaf":
		<-turn
		return
	}
	far, err := net.DialTimeout("tcp", w.to, dialLimit)
	if err != nil {
		l.reset() // nobody listens there
		return
	}
	w.mu.Lock()
	l.far = far.(*net.TCPConn)
	w.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { w.pump(l, l.far, near) })
	both.Go(func() { w.pump(l, near, l.far) })
	both.Wait()
}

func (w *wire) forget(l *link) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l.reset()
	delete(w.links, l)
}

// laggard is what a delayed wire adds to each piece of a conversation.
const laggard = 60 * time.Millisecond

// pump copies one direction and ends both when it ends, for PostgreSQL knows no half-closed connection.
func (w *wire) pump(l *link, to, from *net.TCPConn) {
	defer func() { _ = to.Close() }()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 && w.pass(l) {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			w.linger(l, err)
			return
		}
	}
}

// pass holds a piece for as long as the mode wants and tells whether it may go on.
func (w *wire) pass(l *link) bool {
	for {
		w.mu.Lock()
		mode, turn, lost := w.mode, w.turn, l.lost
		w.mu.Unlock()
		switch {
		case lost:
			return false
		case mode == "stall":
			<-turn
			continue
		case mode == "delay":
			timer := time.NewTimer(laggard)
			<-timer.C
		}
		return true
	}
}

// linger keeps the news of an end from the other side of a connection that is lost.
func (w *wire) linger(l *link, err error) {
	if err != io.EOF {
		return
	}
	w.mu.Lock()
	turn, lost := w.turn, l.lost
	w.mu.Unlock()
	if lost {
		<-turn
	}
}

// TestTheWireDoesWhatItIsTold keeps the run itself honest: a fault that does nothing would prove nothing.
func TestTheWireDoesWhatItIsTold(t *testing.T) {
	t.Parallel()
	echo, err := net.Listen("tcp", freeAddr(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = echo.Close() })
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c) }()
		}
	}()
	w := newWire(t, echo.Addr().String())
	const soon, moment = 10 * time.Second, 300 * time.Millisecond
	dial := func() net.Conn {
		c, err := (&net.Dialer{}).DialContext(context.WithoutCancel(t.Context()), "tcp", w.addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	echoes := func(c net.Conn, limit time.Duration) bool {
		if err := c.SetDeadline(time.Now().Add(limit)); err != nil {
			return false
		}
		if _, err := c.Write([]byte("x")); err != nil {
			return false
		}
		_, err := io.ReadFull(c, make([]byte, 1))
		return err == nil
	}
	first := dial()
	if !echoes(first, soon) {
		t.Fatal("an untouched wire carries nothing")
	}
	w.set("stall")
	if echoes(first, moment) {
		t.Error("a stalled wire carries")
	}
	w.set("")
	if err := first.SetDeadline(time.Now().Add(soon)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(first, make([]byte, 1)); err != nil {
		t.Errorf("a stalled wire lost what it held: %v", err)
	}
	w.set("half-open")
	if echoes(first, moment) {
		t.Error("a half-open connection carries")
	}
	if !echoes(dial(), soon) {
		t.Error("a new connection beside a half-open one carries nothing")
	}
	w.set("deaf")
	if echoes(dial(), moment) {
		t.Error("a deaf wire answers")
	}
	w.set("")
	if echoes(first, soon) {
		t.Error("a lost connection came back")
	}
	last := dial()
	if !echoes(last, soon) {
		t.Error("the wire did not recover")
	}
	w.reset()
	if echoes(last, soon) {
		t.Error("a connection outlived a reset")
	}
	w.set("cut")
	if c, err := net.Dial("tcp", w.addr()); err == nil && echoes(c, soon) {
		t.Error("a cut wire carries")
	}
}

package bot_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"trackbot/internal/sim"
)

// wire is a connection to the database that can be cut.
type wire struct {
	listener net.Listener
	target   string

	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]bool
	work  sync.WaitGroup
}

// throughWire makes the bot reach the database through a wire.
func (s *scene) throughWire() *wire {
	s.t.Helper()
	address, err := url.Parse(s.url)
	s.must(err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	w := &wire{listener: listener, target: address.Host, conns: map[net.Conn]bool{}}
	address.Host = listener.Addr().String()
	s.url = address.String()
	w.work.Go(w.accept)
	s.t.Cleanup(func() {
		s.must(listener.Close())
		w.set(true)
		w.work.Wait()
	})
	return w
}

func (w *wire) accept() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", w.target)
		if err != nil || !w.keep(near, far) {
			_ = near.Close()
			continue
		}
		w.work.Go(func() { w.carry(near, far) })
		w.work.Go(func() { w.carry(far, near) })
	}
}

func (w *wire) carry(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
	_ = from.Close()
}

// keep remembers the ends of a connection; false while the wire is cut.
func (w *wire) keep(ends ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range ends {
		if w.cut {
			_ = c.Close()
			continue
		}
		w.conns[c] = true
	}
	return !w.cut
}

// set cuts the wire or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for c := range w.conns {
		_ = c.Close()
		delete(w.conns, c)
	}
}

func TestEventsWaitWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	w := s.throughWire()
	s.start()
	s.joined()
	s.holds("EXISTS (SELECT FROM gateway_sessions WHERE sequence = $1)", s.GatewaySessions()[0].Seq)
	w.set(true)
	before := read[int64](s, "SELECT sequence FROM gateway_sessions")
	added, err := s.AddChannel(s.guild, sim.ChannelSpec{Name: "meanwhile"})
	s.must(err)
	s.must(s.RemovePermission(s.news, sim.PermViewChannel))
	s.run("brand add", "name", "Northwind").wantTitle(t, "Not possible right now").wantBody(t, "Try again in a minute")
	if after := read[int64](s, "SELECT sequence FROM gateway_sessions"); after != before {
		t.Error("an event counts as handled that nobody has written down")
	}
	w.set(false)
	s.holds("EXISTS (SELECT FROM guild_channels WHERE id = $1 AND can_send)", added)
	s.holds("EXISTS (SELECT FROM guild_channels WHERE id = $1 AND NOT can_send)", s.news)
	s.run("brand add", "name", "Northwind").wantTitle(t, "Brand Northwind added")
}

func TestWhatADyingBotHasNotWrittenDownIsToldToTheNext(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	w := s.throughWire()
	stop := s.start()
	s.joined()
	s.holds("EXISTS (SELECT FROM gateway_sessions WHERE sequence = $1)", s.GatewaySessions()[0].Seq)
	w.set(true)
	added, err := s.AddChannel(s.guild, sim.ChannelSpec{Name: "meanwhile"})
	s.must(err)
	stop() // without having reached the database again
	w.set(false)
	s.start()
	s.holds("EXISTS (SELECT FROM guild_channels WHERE id = $1 AND can_send)", added)
	if stats := s.GatewayStats(); stats.Identifies != 1 || stats.Resumes != 1 {
		t.Errorf("%d identifies, %d resumes", stats.Identifies, stats.Resumes)
	}
}

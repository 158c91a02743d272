package live

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
)

// Viewer is who watches a tenant.
type Viewer struct {
	ClientID uuid.UUID
	GuildID  string
	ID       string // of the user or key, as notices of access have users
	// Until is when the viewer's credentials end, and the stream with them.
	Until time.Time
	// Still fails when the viewer may no longer watch.
	Still func(context.Context) error
	// LastEventID is that of the last event seen before, if any.
	LastEventID string
}

const (
	// quick is how long a connection may take for a frame where writes cannot but wait.
	quick = 5 * time.Millisecond
	// backlog is how many frames a slow connection may lag behind.
	backlog = 32
)

// parcel is frames that are written together; the bytes are shared by all who get them.
type parcel struct {
	bytes  []byte
	frames int
}

// stream is one open connection.
type stream struct {
	Viewer
	conn net.Conn
	raw  syscall.RawConn // nil where a write cannot but wait

	// Of its shard.
	checkAt, commentAt time.Time
	seat, turn         int // its place among the tenant's streams and among all

	mu      sync.Mutex
	stalled bool     // catchUp writes, in order
	waiting []parcel // while stalled
	ended   bool
}

// newStream takes over a connection, without the deadlines that its head was written under.
func newStream(v Viewer, conn net.Conn) *stream {
	_ = conn.SetDeadline(time.Time{}) // fails on a closed one, which the first write finds out
	return &stream{Viewer: v, conn: conn, raw: rawOf(conn)}
}

// send writes a parcel or puts it behind those that wait; it does not wait itself. It tells whether the stream goes
// on.
func (s *stream) send(p *pen, what parcel, patience time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ended:
		return false
	case s.stalled && len(s.waiting) > 0 && framesOf(s.waiting)+what.frames > backlog:
		s.endLocked()
		return false
	case s.stalled:
		s.waiting = append(s.waiting, what)
		return true
	}
	n, err := s.writeAtOnce(p, what.bytes)
	if err != nil {
		s.endLocked()
		return false
	}
	if n < len(what.bytes) {
		s.stalled = true
		go s.catchUp(what.bytes[n:], patience)
	}
	return true
}

func framesOf(waiting []parcel) (n int) {
	for _, w := range waiting {
		n += w.frames
	}
	return n
}

// writeAtOnce writes what the connection takes without waiting, or in a very short time where that is not to be had.
func (s *stream) writeAtOnce(p *pen, b []byte) (int, error) {
	if s.raw != nil {
		return p.write(s.raw, b)
	}
	n, err := s.write(b, quick)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil
	}
	return n, err
}

// write waits for at most the time. Afterwards the connection has no deadline, which would end writes to come.
func (s *stream) write(b []byte, within time.Duration) (int, error) {
	if err := s.conn.SetWriteDeadline(time.Now().Add(within)); err != nil {
		return 0, err
	}
	n, err := s.conn.Write(b)
	return n, errors.Join(err, s.conn.SetWriteDeadline(time.Time{}))
}

// catchUp writes what is left of a parcel and all that has come to wait behind it.
func (s *stream) catchUp(rest []byte, patience time.Duration) {
	for {
		_, err := s.write(rest, patience)
		s.mu.Lock()
		switch {
		case s.ended || err != nil:
			s.endLocked()
			s.mu.Unlock()
			return
		case len(s.waiting) == 0:
			s.stalled, s.waiting = false, nil
			s.mu.Unlock()
			return
		}
		rest, s.waiting = s.waiting[0].bytes, s.waiting[1:]
		s.mu.Unlock()
	}
}

func (s *stream) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endLocked()
}

func (s *stream) endLocked() {
	if !s.ended {
		s.ended = true
		s.waiting = nil
		_ = s.conn.Close() // whoever reads it sees the end
	}
}

func (s *stream) isEnded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

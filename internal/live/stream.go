package live

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
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
	// quick is how long a shard waits for a connection to take a frame; it takes longer only when its buffers are full.
	quick = 5 * time.Millisecond
	// backlog is how many frames a slow connection may lag behind.
	backlog = 32
)

// stream is one open connection.
type stream struct {
	Viewer
	conn net.Conn

	// Of its shard.
	checkAt, probeAt, wroteAt time.Time

	mu      sync.Mutex
	stalled bool     // catchUp writes, in order
	waiting [][]byte // while stalled
	ended   bool
}

// send writes a frame or puts it behind those that wait. It tells whether the stream goes on.
func (s *stream) send(frame []byte, patience time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ended:
		return false
	case s.stalled && len(s.waiting) == backlog:
		s.endLocked()
		return false
	case s.stalled:
		s.waiting = append(s.waiting, frame)
		return true
	}
	n, err := s.write(frame, quick)
	if err == nil {
		return true
	}
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		s.endLocked()
		return false
	}
	s.stalled = true
	go s.catchUp(frame[n:], patience)
	return true
}

func (s *stream) write(b []byte, within time.Duration) (int, error) {
	if err := s.conn.SetWriteDeadline(time.Now().Add(within)); err != nil {
		return 0, err
	}
	return s.conn.Write(b)
}

// catchUp writes what is left of a frame and all that has come to wait behind it.
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
		rest, s.waiting = s.waiting[0], s.waiting[1:]
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

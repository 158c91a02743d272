//go:build unix

package live

import (
	"errors"
	"net"
	"syscall"
)

// pen does to sockets what does not wait: what a connection does not take at once it leaves to others. It sets no
// deadline, so a connection costs no timer. One goroutine uses it at a time; its functions are made once, so
// that a write allocates nothing.
type pen struct {
	b    []byte
	n    int
	err  error
	put  func(fd uintptr) bool
	peek func(fd uintptr)
}

func newPen() *pen {
	p := &pen{}
	p.put = func(fd uintptr) bool {
		p.n, p.err = syscall.Write(int(fd), p.b)
		for errors.Is(p.err, syscall.EINTR) {
			p.n, p.err = syscall.Write(int(fd), p.b)
		}
		return true // whatever came of it: nothing waits here
	}
	p.peek = func(fd uintptr) {
		var b [1]byte
		p.n, _, p.err = syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	}
	return p
}

// write writes what the connection takes at once; less than b is no error.
func (p *pen) write(conn syscall.RawConn, b []byte) (int, error) {
	p.b = b
	err := conn.Write(p.put)
	p.b = nil
	switch {
	case err != nil: // closed meanwhile
		return 0, err
	case errors.Is(p.err, syscall.EAGAIN):
		return 0, nil
	case p.err != nil:
		return 0, p.err
	}
	return p.n, nil
}

// gone tells whether the other side has closed the connection: it looks at what there is to read, and viewers send
// nothing.
func (p *pen) gone(conn syscall.RawConn) bool {
	if err := conn.Control(p.peek); err != nil {
		return true
	}
	return p.n == 0 && p.err == nil || errors.Is(p.err, syscall.ECONNRESET)
}

// rawOf gives access to the connection's socket, nil where there is none.
func rawOf(conn net.Conn) syscall.RawConn {
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			return raw
		}
	}
	return nil
}

// mostFiles is how many files the process may have open. Go raises the soft limit to the hard one at the start.
func mostFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return manyFiles
	}
	return int(min(uint64(limit.Cur), manyFiles))
}

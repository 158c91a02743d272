//go:build !unix

package live

import (
	"errors"
	"net"
	"syscall"
)

// pen would do to sockets what does not wait. Here nothing does: connections get a short time instead, and a write
// that fails tells that the other side is gone.
type pen struct{}

func newPen() *pen { return &pen{} }

func (*pen) write(syscall.RawConn, []byte) (int, error) { return 0, errors.ErrUnsupported }

func (*pen) gone(syscall.RawConn) bool { return false }

func rawOf(net.Conn) syscall.RawConn { return nil }

func mostFiles() int { return manyFiles }

//go:build unix

package live

import (
	"net"
	"syscall"
)

// closedByPeer tells whether the other side has closed the connection, without waiting and without a
// goroutine that reads: it looks at what there is to read. Viewers send nothing.
func closedByPeer(conn net.Conn) (closed bool) {
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	control, err := raw.SyscallConn()
	if err != nil {
		return true
	}
	err = control.Control(func(fd uintptr) {
		var b [1]byte
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		closed = n == 0 && err == nil || err == syscall.ECONNRESET
	})
	return closed || err != nil
}

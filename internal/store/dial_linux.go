package store

import "syscall"

// tcpUserTimeout is TCP_USER_TIMEOUT, in milliseconds (tcp(7)).
const tcpUserTimeout = 0x12

func limitSilence(network, _ string, c syscall.RawConn) (err error) {
	if network != "tcp4" && network != "tcp6" {
		return nil
	}
	controlled := c.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(silentLimit.Milliseconds()))
	})
	if controlled != nil {
		return controlled
	}
	return err
}

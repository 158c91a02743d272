package store

import (
	"net"
	"time"
)

const (
	// connectLimit bounds making a connection; pgx's own limit for what a pool makes is two minutes.
	connectLimit = 10 * time.Second
	// silentLimit is how long a server may leave what was sent to it unacknowledged. Without it a connection whose
	// peer is gone without a word, as after a failover, holds its user for a quarter of an hour (tcp(7), tcp_retries2).
	silentLimit = 20 * time.Second
)

// newDialer makes connections that notice when the server falls silent, busy or idle.
func newDialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3},
		Control:         limitSilence,
	}
}

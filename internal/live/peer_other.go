//go:build !unix

package live

import "net"

// closedByPeer cannot tell here: a failed write does.
func closedByPeer(net.Conn) bool { return false }

package store_test

import (
	"context"
	"net"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// A server that is gone without a word, as after a failover, must not hold a service for a quarter of an hour.
func TestConnectionsNoticeASilentServer(t *testing.T) {
	t.Parallel()
	dialed := make(chan net.Conn, 8)
	st, err := store.Open(t.Context(), testkit.NewDB(t).OwnerURL, store.RoleAPI, func(c *pgxpool.Config) {
		dial := c.ConnConfig.DialFunc
		c.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if err == nil {
				dialed <- conn
			}
			return conn, err
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	raw, err := (<-dialed).(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var unanswered, idle int
	err = raw.Control(func(fd uintptr) {
		const userTimeout = 0x12 // TCP_USER_TIMEOUT
		unanswered, _ = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, userTimeout)
		idle, _ = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE)
	})
	if err != nil || unanswered == 0 || unanswered > 30_000 || idle == 0 || idle > 30 {
		t.Errorf("unanswered data may wait %d ms, an idle connection %d s: %v", unanswered, idle, err)
	}
}

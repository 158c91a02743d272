package store_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// cable carries connections to the database until it is cut.
type cable struct {
	listener net.Listener
	mu       sync.Mutex
	ends     []net.Conn // guarded by mu
}

func newCable(t *testing.T, target string) *cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{listener: l}
	t.Cleanup(c.cut)
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", target)
			if err != nil {
				in.Close() // a test's connection
				continue
			}
			c.mu.Lock()
			c.ends = append(c.ends, in, out)
			c.mu.Unlock()
			go io.Copy(in, out) // ends when it is cut
			go io.Copy(out, in) // ends when it is cut
		}
	}()
	return c
}

func (c *cable) cut() {
	c.listener.Close() // a test's listener
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, end := range c.ends {
		end.Close() // a test's connection
	}
}

func TestADatabaseThatGoesAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	direct := testkit.NewDB(t).OwnerURL
	address, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	c := newCable(t, address.Host)
	address.Host = c.listener.Addr().String()
	st, err := store.Open(t.Context(), address.String(), store.RoleAPI, store.WithMaxConns(1))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	began := make(chan error, 1)
	go func() {
		_, err := st.Shared().Exec(t.Context(), "SELECT pg_sleep(30)")
		began <- err
	}()
	waitForQuery(t, direct, "SELECT pg_sleep(30)")
	c.cut()
	if err := <-began; !store.IsUnavailable(err) {
		t.Errorf("in the middle of a query: %v", err)
	}
	if _, err := st.Shared().Exec(t.Context(), "SELECT 1"); !store.IsUnavailable(err) {
		t.Errorf("afterwards: %v", err)
	}
}

// waitForQuery returns when the server of the database runs the query.
func waitForQuery(t *testing.T, url, query string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context()) // nothing is written
	for running := false; !running; {
		err := conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND state = 'active' AND query = $1)`, query).Scan(&running)
		if err != nil {
			t.Fatal(err)
		}
	}
}

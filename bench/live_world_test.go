package bench_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/account"
	"trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/live"
	"trackbot/internal/store"
)

const livePath = "/api/v1/guilds/" + benchGuild + "/status/stream"

// audience is an API whose streams can be watched by whoever says a name.
type audience struct {
	d        database
	tenant   uuid.UUID
	queries  *queryCount
	listener *stingy
}

// namedDoor lets everybody in under the name that the token is.
type namedDoor struct{ openDoor }

func (namedDoor) Authenticate(_ context.Context, bearer string) (httpapi.Actor, error) {
	return httpapi.Actor{Kind: httpapi.ActorUser, UserID: bearer, ExpiresAt: time.Now().Add(time.Hour)}, nil
}

func (namedDoor) Still(context.Context, httpapi.Actor, string) error { return nil }

func newAudience(b *testing.B, d database, tenant uuid.UUID) *audience {
	b.Helper()
	a := &audience{d: d, tenant: tenant, queries: &queryCount{}}
	st, err := store.Open(b.Context(), d.url, store.RoleAPI, store.WithTracer(a.queries))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(st.Close)
	guilds := guild.NewReader(st, 30*time.Second, time.Now)
	// The status is read by the clock, not for an event.
	hub := live.New(st, guilds, httpapi.Events{}, live.Config{Tick: time.Hour})
	accounts, err := account.New(st, oneUser{}, account.Config{Keys: account.NewKeyRing(make([]byte, 72), 0), EncryptionKey: make([]byte, 32), DashboardURL: "https://dash.test"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(accounts.Close)
	door := namedDoor{openDoor{httpapi.Tenant{ClientID: tenant, GuildID: benchGuild, CanManage: true, Permissions: "0", Timezone: "UTC"}}}
	handler, err := httpapi.New(httpapi.Deps{
		Log: slog.New(slog.DiscardHandler), Accounts: accounts, Auth: door, Guilds: door, Still: door, Ready: st.CheckSchema,
		CursorKey: bytes.Repeat([]byte("k"), 32), Directory: guilds, Live: hub,
	})
	if err != nil {
		b.Fatal(err)
	}
	a.serve(b, st, hub, handler)
	return a
}

// serve runs the API and its hub until the end of the benchmark; it returns when notices are heard.
func (a *audience) serve(b *testing.B, st *store.Store, hub *live.Hub, handler http.Handler) {
	b.Helper()
	open, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	a.listener = &stingy{Listener: open}
	heard := make(chan struct{})
	notices := st.NewListener(store.ListenerConfig{})
	notices.Subscribe(store.ChannelLive, func(n store.Notice) {
		if n.Missed {
			close(heard)
		}
		hub.Changed(n)
	})
	server := httpapi.NewHTTPServer("", handler, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 3)
	go func() { ended <- hub.Run(ctx) }()
	go func() { ended <- notices.Run(ctx) }()
	go func() { ended <- server.Serve(a.listener) }()
	b.Cleanup(func() {
		stop()
		_ = server.Close()
		for range cap(ended) {
			if err := <-ended; err != nil && !errors.Is(err, http.ErrServerClosed) {
				b.Error(err)
			}
		}
	})
	<-heard
}

// crowd is the process of the clients.
type crowd struct {
	lines  *bufio.Scanner
	stderr *bytes.Buffer
	opened crowdReport
}

// crowdReport is a line of ./crowd.
type crowdReport struct {
	Opened    int
	Took, CPU time.Duration
	ID        string
	P50, Last int64
}

// crowd starts the process and waits until all its streams are open.
func (a *audience) crowd(b *testing.B, clients int) *crowd {
	b.Helper()
	program := filepath.Join(b.TempDir(), "crowd")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, "./crowd").CombinedOutput(); err != nil {
		b.Fatalf("build crowd: %v\n%s", err, out)
	}
	c := &crowd{stderr: &bytes.Buffer{}}
	cmd := exec.CommandContext(b.Context(), program, "-addr", a.listener.Addr().String(), "-path", livePath, "-clients", fmt.Sprint(clients))
	cmd.Stderr = c.stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	c.lines = bufio.NewScanner(stdout)
	b.Cleanup(func() { // its end is that of its streams
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	c.opened = c.next(b)
	return c
}

// next is what the crowd tells next.
func (c *crowd) next(b *testing.B) crowdReport {
	b.Helper()
	if !c.lines.Scan() {
		b.Fatalf("the crowd has ended: %v %s", c.lines.Err(), c.stderr)
	}
	var r crowdReport
	if err := json.Unmarshal(c.lines.Bytes(), &r); err != nil {
		b.Fatal(err)
	}
	return r
}

// residentMemory is what the process holds of the machine's memory, 0 where that cannot be read.
func residentMemory(b *testing.B) uint64 {
	b.Helper()
	var pages, resident uint64
	if all, err := os.ReadFile("/proc/self/statm"); err == nil {
		if _, err := fmt.Sscan(strings.TrimSpace(string(all)), &pages, &resident); err != nil {
			b.Fatal(err)
		}
	}
	return resident * uint64(os.Getpagesize())
}

func smallBuffers(_, _ string, conn syscall.RawConn) error {
	var failure error
	if err := conn.Control(func(fd uintptr) {
		failure = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096)
	}); err != nil {
		return err
	}
	return failure
}

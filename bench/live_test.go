package bench_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/live"
	"trackbot/internal/store"
)

// liveEvents is how many posts are told to all clients, one after the other.
const liveEvents = 20

// BenchmarkLive opens streams of one tenant over real connections on one hub and tells all of them of posts: what a
// stream takes of the process's memory, how long it takes from the notice until the last client has read the event, how
// many queries that is, and the same with a client among them that has stopped reading.
func BenchmarkLive(b *testing.B) {
	for _, clients := range []int{2000, 10_000} {
		b.Run(fmt.Sprint(clients), func(b *testing.B) { benchmarkLive(b, clients) })
	}
}

func benchmarkLive(b *testing.B, clients int) {
	clients = min(clients, (openFiles(2*clients+spareFiles)-spareFiles)/2) // both ends are here
	d := newDatabase(b)
	c := newCrowd(b, d, d.tenant(b, "200000000000000001", 10), clients)
	before := inUse()
	for i := range c.far {
		c.watch(b, i)
	}
	for i := range c.far {
		c.read(b, i, "event: status")
	}
	after := inUse()
	aim := "16384"
	if clients > 2000 {
		aim = "4096"
	}
	fmt.Printf("live, %6d clients: %d bytes of memory a client, both ends  (aim <= %s)\n", clients, (after-min(before, after))/uint64(clients), aim)
	c.fanOut(b, "one event to all")
	stuck := c.stuck(b)
	c.fanOut(b, "beside one that is stuck")
	_ = stuck.Close() // only now
}

// spareFiles are those of everything but the clients.
const spareFiles = 100

// openFiles raises the limit of open files to n, or as near to it as the system allows, and returns the limit.
func openFiles(n int) int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return spareFiles
	}
	for _, most := range []uint64{uint64(n), min(uint64(n), limit.Max)} {
		raised := syscall.Rlimit{Cur: max(limit.Cur, most), Max: max(limit.Max, most)}
		if syscall.Setrlimit(syscall.RLIMIT_NOFILE, &raised) == nil {
			return int(min(raised.Cur, uint64(n)))
		}
	}
	return int(min(limit.Cur, uint64(n)))
}

// inUse is the memory of live objects and stacks.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// queryCount counts the queries that a store sends, a batch as one.
type queryCount struct{ n atomic.Int64 }

func (q *queryCount) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	q.n.Add(1)
	return ctx
}

func (*queryCount) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// Queries in a tenant's scope go out together with what sets it.
func (q *queryCount) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	q.n.Add(1)
	return ctx
}

func (*queryCount) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

func (*queryCount) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// crowd is many clients of one hub, read by one goroutine in turn: a client that is not read holds nothing but its
// socket.
type crowd struct {
	d        database
	hub      *live.Hub
	tenant   uuid.UUID
	queries  *queryCount
	listener net.Listener
	far      []net.Conn
	buf      []byte
}

func newCrowd(b *testing.B, d database, tenant uuid.UUID, clients int) *crowd {
	b.Helper()
	c := &crowd{d: d, tenant: tenant, queries: &queryCount{}, far: make([]net.Conn, clients), buf: make([]byte, 1<<16)}
	st, err := store.Open(b.Context(), d.url, store.RoleAPI, store.WithTracer(c.queries))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(st.Close)
	if c.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	// The status is read by the clock, not for an event.
	c.hub = live.New(st, guild.NewReader(st, 30*time.Second, time.Now), httpapi.Events{}, live.Config{Tick: time.Hour, Patience: time.Minute})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = c.hub.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		<-ended
		_ = c.listener.Close()
		for _, conn := range c.far {
			_ = conn.Close()
		}
	})
	return c
}

// watch opens the stream of a viewer of its own.
func (c *crowd) watch(b *testing.B, i int) {
	b.Helper()
	c.far[i] = c.dial(b, fmt.Sprint("viewer ", i), 0)
	if err := c.far[i].SetReadDeadline(time.Now().Add(5 * time.Minute)); err != nil { // of the whole benchmark
		b.Fatal(err)
	}
}

// dial opens a stream whose near end has a send buffer of so many bytes, if any.
func (c *crowd) dial(b *testing.B, viewer string, sendBuffer int) net.Conn {
	b.Helper()
	far, err := net.Dial("tcp", c.listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	near, err := c.listener.Accept()
	if err != nil {
		b.Fatal(err)
	}
	if sendBuffer > 0 {
		if err := near.(*net.TCPConn).SetWriteBuffer(sendBuffer); err != nil {
			b.Fatal(err)
		}
	}
	who := live.Viewer{
		ClientID: c.tenant, GuildID: "200000000000000001", ID: viewer, Until: time.Now().Add(time.Hour),
		Still: func(context.Context) error { return nil },
	}
	if err := c.hub.Admit(who); err != nil {
		b.Fatal(err)
	}
	c.hub.Join(who, near)
	return far
}

// read reads what a client gets until the end of an event that has the mark.
func (c *crowd) read(b *testing.B, i int, mark string) {
	b.Helper()
	for n := 0; ; {
		more, err := c.far[i].Read(c.buf[n:])
		if err != nil {
			b.Fatalf("client %d: %v", i, err)
		}
		n += more
		if at := bytes.Index(c.buf[:n], []byte(mark)); at >= 0 && bytes.HasSuffix(c.buf[at:n], []byte("\n\n")) {
			return
		}
	}
}

// stuck is a client that never reads, with more to come than its buffers hold.
func (c *crowd) stuck(b *testing.B) net.Conn {
	b.Helper()
	far := c.dial(b, "stuck", 4096)
	if err := far.(*net.TCPConn).SetReadBuffer(4096); err != nil {
		b.Fatal(err)
	}
	return far
}

// fanOut stores posts and prints how long it takes from the notice of one until all clients have read it.
func (c *crowd) fanOut(b *testing.B, what string) {
	b.Helper()
	var before int64
	var times []time.Duration
	for n := range 1 + liveEvents {
		id := uuid.Must(uuid.NewV7())
		c.d.exec(b, livePost, c.tenant, id)
		began := time.Now()
		c.hub.Changed(store.Notice{Payload: "posts " + c.tenant.String()})
		for i := range c.far {
			c.read(b, i, "id: "+id.String())
		}
		if n == 0 { // who has come lately is in
			before = c.queries.n.Load()
			continue
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	fmt.Printf("live, %6d clients: %-26s p50 %s, p99 %s  (aim <= 250ms), %.1f queries an event\n", len(c.far), what,
		middle(times).Round(time.Millisecond), times[len(times)*99/100].Round(time.Millisecond), float64(c.queries.n.Load()-before)/liveEvents)
}

// livePost is a post of half a kilobyte of one of the tenant's accounts.
const livePost = `WITH a AS (SELECT * FROM client_accounts WHERE client_id = $1 LIMIT 1), sp AS (
		INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at) SELECT $2::uuid, source_id, $2::uuid::text, '', now() FROM a)
	INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body, published_at, first_seen_at)
	SELECT $1, $2, id, brand_id, group_id, $2, 'rss', 'post', $2::uuid::text, 'https://x.test/1', 'Title', repeat('Some text of a post. ', 20), now(), now() FROM a`

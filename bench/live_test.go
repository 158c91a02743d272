package bench_test

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	// liveEvents is how many posts are told to all clients, one after the other.
	liveEvents = 20
	// One client in stuckShare has stopped reading while the second half is told.
	stuckShare = 100
	// liveIdle is how long nothing happens, to see what that costs.
	liveIdle = 5 * time.Second
)

// BenchmarkLive serves streams of one tenant, by the API's whole way from request to hub, to another process that
// reads them, and stores posts: what a stream takes of the server's memory, how long it takes from the INSERT until
// the last client has read the event, what that costs the processors at either end, how many queries it is, and the
// same with clients in between that have stopped reading.
func BenchmarkLive(b *testing.B) {
	for _, clients := range []int{2000, 10_000} {
		b.Run(fmt.Sprint(clients), func(b *testing.B) { benchmarkLive(b, clients) })
	}
}

func benchmarkLive(b *testing.B, clients int) {
	d := newDatabase(b)
	a := newAudience(b, d, d.tenant(b, benchGuild, 10))
	heap, process := inUse(), residentMemory(b)
	cpuBefore := cpu(b)
	c := a.crowd(b, clients)
	cpuOpening := cpu(b) - cpuBefore
	aim := "16384"
	if clients > 2000 {
		aim = "4096"
	}
	fmt.Printf("live, %6d clients: %-26s %d B a client of heap and stacks, %d B of the process (aim <= %s)\n", clients, "the server's memory",
		(inUse()-heap)/uint64(clients), (max(residentMemory(b), process)-process)/uint64(clients), aim)
	fmt.Printf("live, %6d clients: %-26s in %s, %s CPU of the server each\n", clients, "opened", c.opened.Took.Round(time.Millisecond), cpuOpening/time.Duration(clients))
	start := cpu(b)
	time.Sleep(liveIdle)
	fmt.Printf("live, %6d clients: %-26s %.2f %% of a processor\n", clients, "nothing to tell", 100*float64(cpu(b)-start)/float64(liveIdle))
	a.fanOut(b, c, "one event to all")
	for range clients / stuckShare {
		a.stuck(b)
	}
	a.fanOut(b, c, fmt.Sprintf("beside %d that are stuck", clients/stuckShare))
}

// inUse is the memory of live objects and stacks.
func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// fanOut stores posts and prints how long it takes until all clients have read each, and what it costs.
func (a *audience) fanOut(b *testing.B, c *crowd, what string) {
	b.Helper()
	var queries int64
	var serving, reading time.Duration
	var middles, lasts []time.Duration
	before := c.opened
	for n := range 1 + liveEvents {
		if n == 1 { // what came before is in
			queries, serving, reading = a.queries.n.Load(), cpu(b), before.CPU
		}
		id, began := uuid.Must(uuid.NewV7()), time.Now()
		a.d.exec(b, livePost, a.tenant, id)
		before = c.next(b)
		if before.ID != id.String() {
			b.Fatalf("told of %s instead of %s", before.ID, id)
		}
		if n > 0 {
			middles, lasts = append(middles, time.Unix(0, before.P50).Sub(began)), append(lasts, time.Unix(0, before.Last).Sub(began))
		}
	}
	slices.Sort(lasts)
	queries, serving, reading = a.queries.n.Load()-queries, cpu(b)-serving, before.CPU-reading
	fmt.Printf("live, %6d clients: %-26s last client p50 %s, p99 %s (aim <= 250ms), middle one p50 %s\n", c.opened.Opened, what,
		middle(lasts).Round(time.Millisecond), lasts[len(lasts)*99/100].Round(time.Millisecond), middle(middles).Round(time.Millisecond))
	fmt.Printf("live, %6d clients: %-26s CPU of the server %s, of the clients %s, %.1f queries\n", c.opened.Opened, "  of that, an event",
		(serving / liveEvents).Round(time.Millisecond), (reading / liveEvents).Round(time.Millisecond), float64(queries)/liveEvents)
	alone := (serving + reading) / liveEvents / time.Duration(runtime.GOMAXPROCS(0))
	fmt.Printf("live, %6d clients: %-26s %s on %d processors with nothing else to do = %.2fx  (aim <= 1x of 250ms)\n", c.opened.Opened, "  that is, an event",
		alone.Round(time.Millisecond), runtime.GOMAXPROCS(0), alone.Seconds()/0.25)
}

// livePost is a post of half a kilobyte of one of the tenant's accounts.
const livePost = `WITH a AS (SELECT * FROM client_accounts WHERE client_id = $1 LIMIT 1), sp AS (
		INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at) SELECT $2::uuid, source_id, $2::uuid::text, '', now() FROM a)
	INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body, published_at, first_seen_at)
	SELECT $1, $2, id, brand_id, group_id, $2, 'rss', 'post', $2::uuid::text, 'https://x.test/1', 'Title', repeat('Some text of a post. ', 20), now(), now() FROM a`

// stuck opens a stream that is never read, with more to come than its buffers hold.
func (a *audience) stuck(b *testing.B) {
	b.Helper()
	a.listener.small.Store(true)
	defer a.listener.small.Store(false)
	dialer := net.Dialer{Control: smallBuffers}
	far, err := dialer.DialContext(b.Context(), "tcp", a.listener.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = far.Close() })
	if _, err := fmt.Fprintf(far, "GET %s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer stuck-%s\r\n\r\n", livePath, uuid.New()); err != nil {
		b.Fatal(err)
	}
	var first [1]byte
	if _, err := far.Read(first[:]); err != nil { // the stream is open
		b.Fatal(err)
	}
}

// stingy accepts connections with small buffers while it is told to.
type stingy struct {
	net.Listener
	small atomic.Bool
}

func (s *stingy) Accept() (net.Conn, error) {
	conn, err := s.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok && s.small.Load() {
		err = tcp.SetWriteBuffer(4096)
	}
	return conn, err
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

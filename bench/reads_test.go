package bench_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"trackbot/internal/account"
	"trackbot/internal/analytics"
	"trackbot/internal/guild"
	"trackbot/internal/httpapi"
	"trackbot/internal/limit"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/usage"
	"trackbot/internal/warm"
)

const (
	readTurns    = 7
	readRequests = 1000 // a turn
	readCallers  = 4    // at once
	perPage      = 4    // requests of a caller in a row, for whom session, rights and budget are looked up once
	deepPosts    = 500_000
)

// BenchmarkReads sets pages of the real server beside those of a bare handler over the same data, turn about in one
// run: CPU time of server and PostgreSQL a request. BENCH_READS_POSTS names other sizes than its two databases have, such
// as 100000,1000000,5000000; the second is what the others are compared with.
func BenchmarkReads(b *testing.B) {
	c := newCaller(b)
	var sizes []reads
	for i, size := range strings.Split(cmp.Or(os.Getenv("BENCH_READS_POSTS"), "100000,1000000"), ",") {
		posts, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal(err)
		}
		depth := 0
		if i == 1 {
			depth = min(posts, deepPosts) + pageSize
		}
		sizes = append(sizes, newReads(b, posts, depth))
	}
	large := sizes[1]

	fmt.Printf("\nA page of %d posts of %d, in CPU a request = server + PostgreSQL\n", pageSize, large.posts)
	bare, cold := large.load(large.bare, "/posts/%[1]d", perPage), large.load(large.real, largePage, perPage)
	kept := large.load(large.warm, largePage, perPage)
	warmed := kept
	warmed.Warm = true
	same := warmed
	same.Warm, same.Tags, same.Want = false, true, http.StatusNotModified
	t := large.d.costs(b, c, readTurns, bare, cold, warmed, same, large.load(large.real, largePage, 1))
	compare("bare handler", t[0], t[0], "")
	compare("cold", t[1], t[0], "<= 1.5x")
	compare("warm", t[2], t[0], "<= 0.25x or 60 µs")
	compare("warm, 304", t[3], t[0], "<= 0.25x or 60 µs")
	compare("cold, all looked up anew", t[4], t[0], "")

	fmt.Println("\nWhile every tenant is written to each second")
	stop := large.d.bump(b)
	t = large.d.costs(b, c, readTurns, cold, kept)
	stop()
	compare("cold", t[0], t[0], "")
	compare("warm", t[1], t[0], "<= 1x")

	fmt.Printf("\nDepth, of a tenant with %d posts\n", large.depth)
	first, deep := cold, cold
	first.Paths, deep.Paths = []string{large.path("")}, []string{large.path(large.cursor(b))}
	first.Tokens = []string{large.token(large.tenants)}
	deep.Tokens = first.Tokens
	t = large.d.costs(b, c, readTurns, first, deep)
	compare("page 1", t[0], t[0], "")
	compare(fmt.Sprintf("behind %d posts", large.depth-pageSize), t[1], t[0], "<= 1.2x")

	fmt.Println("\nGrowth")
	for _, r := range sizes {
		t := costsOf(b, c, readTurns, side{large.d, cold}, side{r.d, r.load(r.real, largePage, perPage)})
		compare(fmt.Sprintf("%d posts", r.posts), t[1], t[0], "<= 1.25x")
	}
}

const largePage = "/api/v1/guilds/%[2]s/posts"

func compare(name string, c, base cost, aim string) {
	if aim != "" {
		aim = "  (aim " + aim + ")"
	}
	fmt.Printf("%-26s %s  %6d B  = %.2fx%s\n", name, c, c.Bytes, float64(c.cpu())/float64(base.cpu()), aim)
}

// reads is a database with posts, in tenants of postsEach, and the servers that read it.
type reads struct {
	d              database
	posts, tenants int
	depth          int    // posts of one tenant more
	bare, real     string // origins
	warm           string // that of the real server that keeps answers
	tokens         []string
}

func newReads(b *testing.B, posts, depth int) reads {
	b.Helper()
	d := newDatabase(b)
	r := reads{d: d, posts: posts, tenants: posts / postsEach, depth: depth}
	d.tenants(b, r.tenants, depth)
	bare := http.NewServeMux()
	bare.Handle("GET /posts/{tenant}", bareHandler{d.admin})
	cold, kept, keys := realHandlers(b, d)
	r.bare, r.real, r.warm = serveOn(b, bare), serveOn(b, cold), serveOn(b, kept)
	r.tokens = d.users(b, keys, r.tenants/tokenGuilds+1, r.tenants+tokenGuilds)
	return r
}

// load asks one tenant after the other, each so many times, as pages ask for several things at once; the path's
// first verb is the tenant's number, its second the guild's id.
func (r reads) load(origin, path string, times int) load {
	l := load{Origin: origin, Requests: readRequests, Parallel: readCallers, Want: http.StatusOK}
	for i := range r.tenants * times {
		n := i / times * 37 % r.tenants
		l.Paths, l.Tokens = append(l.Paths, fmt.Sprintf(path, n, guildNo(n))), append(l.Tokens, r.token(n))
	}
	return l
}

func (r reads) token(tenant int) string { return r.tokens[tenant/tokenGuilds] }

// path is the page of the deep tenant.
func (r reads) path(query string) string {
	return fmt.Sprintf(largePage, r.tenants, guildNo(r.tenants)) + query
}

// cursor is the query of the deep tenant's last page.
func (r reads) cursor(b *testing.B) string {
	b.Helper()
	cursors, err := httpapi.NewCursors(cursorKey())
	if err != nil {
		b.Fatal(err)
	}
	client := clientNo(r.tenants)
	scope := httpapi.Scope{Tenant: client.String(), Route: "GET /api/v1/guilds/{guildId}/posts"}
	return "?cursor=" + cursors.Encode(scope, r.d.position(b, client, r.depth-pageSize))
}

// bump changes a row of every tenant each second until stop is called.
func (d database) bump(b *testing.B) (stop func()) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	var writing sync.WaitGroup
	writing.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for ctx.Err() == nil {
			_, err := d.admin.Exec(ctx, `UPDATE posts SET likes = likes + 1 WHERE (client_id, id) IN (
				SELECT c.id, (SELECT p.id FROM posts p WHERE p.client_id = c.id ORDER BY published_at DESC LIMIT 1) FROM clients c)`)
			if err != nil && ctx.Err() == nil {
				b.Errorf("write to every tenant: %v", err)
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	})
	return func() { cancel(); writing.Wait() }
}

func cursorKey() []byte { return bytes.Repeat([]byte("k"), 32) }

func serveOn(b *testing.B, h http.Handler) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := httpapi.NewHTTPServer("", h, slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(l) }()
	b.Cleanup(func() { _ = server.Close() })
	return "http://" + l.Addr().String()
}

// realHandlers are the whole API without and with a memory of answers, and what signs its tokens.
func realHandlers(b *testing.B, d database) (cold, kept http.Handler, _ *account.KeyRing) {
	b.Helper()
	st := d.open(b, store.RoleAPI)
	secret := make([]byte, 72)
	rand.Read(secret)
	keys := account.NewKeyRing(secret, 0)
	accounts, err := account.New(st, oneUser{}, account.Config{Keys: keys, EncryptionKey: secret[:32], DashboardURL: "https://dash.test"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(accounts.Close)
	log, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = log.Close() })
	gate := httpapi.NewUserGate(accounts)
	meter := limit.NewMeter(st, slog.New(slog.DiscardHandler), time.Now)
	deps := httpapi.Deps{
		Store:  st,
		Limits: limit.New(st, limit.Config{UserRequests: 1_000_000, Meter: meter}),
		Log:    slog.New(slog.NewJSONHandler(log, nil)), Accounts: accounts, Auth: gate, Guilds: gate, Ready: st.CheckSchema,
		CursorKey: cursorKey(), Directory: guild.NewReader(st, time.Minute, time.Now), Tracked: tracking.NewReader(st),
		Usage: usage.NewReader(st, time.Now), Analytics: analytics.NewReader(st),
	}
	if cold, err = httpapi.New(deps); err != nil {
		b.Fatal(err)
	}
	deps.Warm = keeping(b, st)
	if kept, err = httpapi.New(deps); err != nil {
		b.Fatal(err)
	}
	return cold, kept, keys
}

// keeping is a memory of answers that hears what changes.
func keeping(b *testing.B, st *store.Store) *warm.Cache {
	b.Helper()
	notices := st.NewListener(store.ListenerConfig{})
	answers := warm.New(notices, warm.Config{})
	notices.Subscribe(store.ChannelData, answers.Changed)
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	var hearing sync.WaitGroup
	hearing.Go(func() {
		if err := notices.Run(ctx); err != nil {
			b.Errorf("run listener: %v", err)
		}
	})
	b.Cleanup(func() { cancel(); hearing.Wait() })
	for !notices.Hearing() {
		runtime.Gosched()
	}
	return answers
}

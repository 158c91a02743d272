package bench_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/tracking"
)

const (
	ingestPosts   = 10 // new ones of each answer
	ingestTenants = 50
	// oldPosts are there from before: of empty tables the planner has nothing to go by.
	oldPosts = 20_000
)

// BenchmarkIngest lets a worker loose on due feeds that have ten new posts each, every post a message of its tenant's channel:
// once with a tenant following each feed, once with all tenants following every feed. It prints polls and copies a second and the
// CPU of the worker, the local server's share included, and of PostgreSQL.
func BenchmarkIngest(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(tenPosts))
	b.Cleanup(server.Close)
	for _, c := range []struct {
		name      string
		feeds     int
		followers int
		aim       int // polls a second
	}{
		{"one tenant following each", 6000, 1, 300},
		{"50 tenants following each", 300, ingestTenants, 0},
	} {
		b.Run(strings.ReplaceAll(c.name, " ", "_"), func(b *testing.B) {
			d := newDatabase(b)
			d.following(b, server.URL, c.feeds, c.followers)
			d.analyze(b)
			before, cpuBefore := d.backendTime(b), cpuTime()
			elapsed := d.work(b, pollWindow, func() bool { return d.count(b, `SELECT count(*) FROM sources WHERE last_polled_at IS NULL`) > 0 })
			worker, postgres := cpuTime()-cpuBefore, d.backendTime(b)-before
			polls := d.count(b, `SELECT count(*) FROM sources WHERE last_polled_at IS NOT NULL AND display_name LIKE 'Feed%'`)
			posts, sent := d.count(b, `SELECT count(*) FROM posts`)-oldPosts, d.count(b, `SELECT count(*) FROM deliveries`)
			if posts != polls*ingestPosts*int64(c.followers) || sent != posts {
				b.Fatalf("%d polls stored %d posts and %d deliveries", polls, posts, sent)
			}
			fmt.Printf("ten new posts, %-31s %6.0f polls a second, %7.0f posts with their deliveries\n", c.name, float64(polls)/elapsed.Seconds(), float64(posts)/elapsed.Seconds())
			fmt.Printf("ten new posts, %-31s %s CPU a poll = %s of the worker + %s of PostgreSQL, %s a post: %s\n", c.name,
				((worker + postgres) / time.Duration(polls)).Round(time.Microsecond), (worker / time.Duration(polls)).Round(time.Microsecond),
				(postgres / time.Duration(polls)).Round(time.Microsecond), ((worker + postgres) / time.Duration(posts)).Round(time.Microsecond),
				capacity(polls, worker+postgres, c.aim))
		})
	}
}

// tenPosts answers every address with posts of its own.
func tenPosts(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed %s</title><link>https://x.test</link>`, r.URL.Path)
	text := strings.Repeat("Some text of a post. ", 20)
	for n := range ingestPosts {
		fmt.Fprintf(w, `<item><guid>%s#%d</guid><title>Post %d</title><link>https://x.test%s/%d</link><description>%s</description><pubDate>%s</pubDate></item>`,
			r.URL.Path, n, n, r.URL.Path, n, text, time.Now().Add(-time.Duration(n)*time.Hour).Format(time.RFC1123Z))
	}
	fmt.Fprint(w, `</channel></rss>`)
}

// following makes feeds that are due and past their baseline; each is followed by so many of the tenants.
func (d database) following(b *testing.B, url string, feeds, followers int) {
	b.Helper()
	tenants := make([]uuid.UUID, ingestTenants)
	for i := range tenants {
		tenants[i] = d.tenant(b, strconv.Itoa(200000000000000001+i), 0)
		d.exec(b, `UPDATE guild_settings SET default_channel_id = $2 WHERE client_id = $1`, tenants[i], strconv.Itoa(300000000000000001+i))
	}
	d.exec(b, `INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
		SELECT gen_random_uuid(), 'rss', $1 || '/' || n || '.xml', 'h', 'Feed', 'https://x.test', ($3::int[])[1 + n % cardinality($3::int[])], now() - interval '1 minute'
		FROM generate_series(1, $2::int) n`, url, feeds, lanes(tenants))
	d.fill(b, d.tenant(b, "200000000000000099", 10), oldPosts)
	for i, tenant := range tenants {
		d.exec(b, `INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
			SELECT $1, gen_random_uuid(), (SELECT id FROM brands WHERE client_id = $1), (SELECT id FROM account_groups WHERE client_id = $1), s.id, now()
			FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM sources WHERE last_polled_at IS NULL) s WHERE $3::int = $4::int OR s.n % $4::int = $2::int`, tenant, i, followers, ingestTenants)
	}
}

func lanes(tenants []uuid.UUID) []int32 {
	out := make([]int32, len(tenants))
	for i, tenant := range tenants {
		out[i] = int32(tracking.Lane(tenant))
	}
	return out
}

func (d database) count(b *testing.B, sql string) (n int64) {
	b.Helper()
	if err := d.admin.QueryRow(b.Context(), sql).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

// capacity says how many a second this machine's processors have time for when so many took that much CPU, whatever else it had
// to do meanwhile, and what that is to the aim.
func capacity(n int64, used time.Duration, aim int) string {
	cores := runtime.GOMAXPROCS(0)
	perSecond := float64(n) * float64(cores) / used.Seconds()
	if aim == 0 {
		return fmt.Sprintf("time for %.0f a second on %d processors", perSecond, cores)
	}
	return fmt.Sprintf("time for %.0f a second on %d processors = %.1fx  (aim %d a second)", perSecond, cores, perSecond/float64(aim), aim)
}

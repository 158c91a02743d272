package bench_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/worker"
)

const (
	dueSources = 100_000
	pollWindow = time.Minute // at most
)

// BenchmarkPolls lets a worker loose on 100,000 due sources whose server answers 304, and prints polls
// a second and CPU a poll of worker and client side; then the delay of ten sources of a small tenant
// beside a backlog of 50,000 of a large one.
func BenchmarkPolls(b *testing.B) {
	var answered atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answered.Add(1)
		w.WriteHeader(http.StatusNotModified)
	}))
	b.Cleanup(server.Close)

	d := newDatabase(b)
	client := d.tenant(b, "200000000000000001", 1)
	d.due(b, client, server.URL, dueSources)
	d.analyze(b)
	before, process, postgres := answered.Load(), cpuTime(), d.backendTime(b)
	elapsed := d.work(b, pollWindow, func() bool { return answered.Load()-before < dueSources })
	polls := answered.Load() - before
	process, postgres = cpuTime()-process, d.backendTime(b)-postgres
	each := time.Duration(max(polls, 1))
	fmt.Printf("%-46s %9.0f a second\n", "polls answered 304", float64(polls)/elapsed.Seconds())
	fmt.Printf("%-46s %s CPU a poll = %s of the worker, the local server's share included, + %s of PostgreSQL: %s\n", "polls answered 304",
		((process + postgres) / each).Round(time.Microsecond), (process / each).Round(time.Microsecond), (postgres / each).Round(time.Microsecond), capacity(polls, process+postgres, 1500))

	small := d.tenant(b, "200000000000000003", 1)
	d.exec(b, `UPDATE sources SET next_poll_at = NULL`)
	d.due(b, d.tenant(b, "200000000000000002", 1), server.URL+"/large", 50_000)
	d.due(b, small, server.URL+"/small", 10)
	waiting := func() bool {
		var left int
		if err := d.admin.QueryRow(b.Context(), `SELECT count(*) FROM sources s JOIN client_accounts a ON a.source_id = s.id
			WHERE a.client_id = $1 AND s.external_id LIKE '%/small/%' AND s.last_polled_at IS NULL`, small).Scan(&left); err != nil {
			b.Fatal(err)
		}
		return left > 0
	}
	delay := d.work(b, time.Minute, waiting)
	fmt.Printf("%-46s %9s\n", "10 sources beside a backlog of 50,000, all in", delay.Round(time.Millisecond))
}

// due gives a tenant sources that are all due now.
func (d database) due(b *testing.B, client uuid.UUID, url string, n int) {
	b.Helper()
	d.exec(b, `WITH s AS (
			INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, etag, next_poll_at)
			SELECT gen_random_uuid(), 'rss', $2 || '/' || n || '.xml', 'h', 'Feed', 'https://x.test', $3, '"1"', now() - interval '1 minute'
			FROM generate_series(1, $4::int) n RETURNING id)
		INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
		SELECT $1, gen_random_uuid(), (SELECT id FROM brands WHERE client_id = $1), (SELECT id FROM account_groups WHERE client_id = $1), id, now()
		FROM s`, client, url, tracking.Lane(client), n)
}

// work runs a worker until it has no longer to wait, for the window at most, and returns how long that was.
func (d database) work(b *testing.B, window time.Duration, waiting func() bool) time.Duration {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), window)
	defer cancel()
	polls := tracking.NewPolls(d.open(b, store.RoleWorker), tracking.Schedule{Min: time.Hour}, time.Now)
	w := worker.New(polls, source.New(source.Config{AllowPrivate: true}), slog.New(slog.DiscardHandler), worker.Config{})
	done := make(chan error, 1)
	start := time.Now()
	go func() { done <- w.Run(ctx) }()
	for ctx.Err() == nil && waiting() {
		time.Sleep(10 * time.Millisecond)
	}
	elapsed := time.Since(start)
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
	return elapsed
}

// cpuTime is what this process has used of the processors.
func cpuTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

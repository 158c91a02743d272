package bench_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"trackbot/internal/notifier"
	"trackbot/internal/store"
)

// deliveryFeeds have ten posts each.
const deliveryFeeds = 1000

// BenchmarkDeliveries takes posts the whole way with a Discord that takes all at once, and prints what one costs the processors
// from the answer that showed it to the record of its message: its part of the poll, then the notifier's work.
// Discord itself takes at most 50 a second.
func BenchmarkDeliveries(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(tenPosts))
	b.Cleanup(server.Close)
	d := newDatabase(b)
	d.following(b, server.URL, deliveryFeeds, 1)
	d.analyze(b)
	postgres, process := d.backendTime(b), cpuTime()
	d.work(b, pollWindow, func() bool { return d.count(b, `SELECT count(*) FROM deliveries`) < deliveryFeeds*ingestPosts })
	stored := (cpuTime() - process + d.backendTime(b) - postgres) / (deliveryFeeds * ingestPosts)

	d.analyze(b)
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	n := notifier.New(d.open(b, store.RoleNotifier), &taken{}, slog.New(slog.DiscardHandler), notifier.Config{TestClock: true})
	postgres, process = d.backendTime(b), cpuTime()
	done, start := make(chan error, 1), time.Now()
	go func() { done <- n.Run(ctx) }()
	for d.count(b, `SELECT count(*) FROM channel_queues WHERE due_at IS NOT NULL`) > 0 {
		time.Sleep(50 * time.Millisecond)
	}
	elapsed := time.Since(start)
	sent := d.count(b, `SELECT count(*) FROM deliveries WHERE state = 'sent'`)
	sending, recording := (cpuTime()-process)/time.Duration(max(sent, 1)), (d.backendTime(b)-postgres)/time.Duration(max(sent, 1))
	cancel()
	if err := <-done; err != nil || sent != deliveryFeeds*ingestPosts {
		b.Fatalf("%d sent, %v", sent, err)
	}
	whole := stored + sending + recording
	fmt.Printf("%-46s %s = %s of the poll + %s of the notifier + %s of PostgreSQL = %.2fx  (aim <= 1x of 2ms)\n", "CPU of a delivery", whole.Round(time.Microsecond),
		stored.Round(time.Microsecond), sending.Round(time.Microsecond), recording.Round(time.Microsecond), whole.Seconds()/0.002)
	fmt.Printf("%-46s %9.0f a second, one at a time in each of %d channels\n", "messages recorded", float64(sent)/elapsed.Seconds(), ingestTenants)
}

package bench_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/analytics"
	"trackbot/internal/store"
)

// BenchmarkAnalytics sets a period of 69 days, compared with the 69 before, on 200,000 posts of 1,000 accounts that are
// rolled up beside the same with nothing rolled up, and with the newest week marked since.
func BenchmarkAnalytics(b *testing.B) {
	d := newDatabase(b)
	client := d.tenant(b, "200000000000000001", 1000)
	d.fill(b, client, 200_000)
	d.analyze(b)
	reader := analytics.NewReader(d.open(b, store.RoleAPI))
	report := func(by analytics.GroupBy) func() error { return func() error { return read(b, reader, client, by) } }
	live, liveByAccount := once(b, report("")), once(b, report(analytics.ByAccount))
	if err := analytics.NewRoller(d.open(b, store.RoleWorker), slog.New(slog.DiscardHandler)).Roll(b.Context()); err != nil {
		b.Fatal(err)
	}
	d.analyze(b)
	row(b, "analytics, rolled up / from the posts", once(b, report("")), live, "<= 0.2x")
	row(b, "analytics by account, rolled up / from the posts", once(b, report(analytics.ByAccount)), liveByAccount, "<= 0.7x")
	d.exec(b, "UPDATE posts SET likes = likes + 1 WHERE client_id = $1 AND published_at > now() - interval '7 days'", client)
	row(b, "analytics, a week marked since / from the posts", once(b, report("")), live, "<= 0.3x")
}

func read(b *testing.B, reader *analytics.Reader, client uuid.UUID, by analytics.GroupBy) error {
	now := time.Now()
	p, err := analytics.NewPeriod(now.AddDate(0, 0, -69).Truncate(24*time.Hour), now.Truncate(24*time.Hour), now, time.UTC, analytics.Day)
	if err != nil {
		return err
	}
	_, err = reader.Report(b.Context(), client, p, analytics.Filter{}, by)
	return err
}

// once is the median of a few runs of what takes too long for hundreds.
func once(b *testing.B, fn func() error) time.Duration {
	b.Helper()
	var times []time.Duration
	for range 7 {
		start := time.Now()
		if err := fn(); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(start))
	}
	return middle(times)
}

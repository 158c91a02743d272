package bench_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/discord"
	"trackbot/internal/notifier"
	"trackbot/internal/sim"
	"trackbot/internal/source"
	"trackbot/internal/store"
	"trackbot/internal/tracking"
	"trackbot/internal/worker"
)

const (
	delayFeeds    = 200
	delayPosts    = 3 // of each feed
	delayInterval = 5 * time.Second
	// delayPerPost spreads the posts over some poll intervals.
	delayPerPost = 25 * time.Millisecond
)

// BenchmarkDelay lets feeds bring out posts at any moment between two polls, each with a channel of its
// own, and prints how long they take from publication to Discord, and how much of it is ours: from the
// answer that showed the post to its message.
func BenchmarkDelay(b *testing.B) {
	platforms := sim.New(sim.Config{})
	server := httptest.NewServer(platforms.Handler())
	b.Cleanup(func() {
		platforms.Close()
		server.Close()
	})
	d := newDatabase(b)
	client := d.tenant(b, "200000000000000001", 0)
	keys := d.feeds(b, client, platforms, server.URL)
	d.analyze(b)

	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	polls := tracking.NewPolls(d.open(b, store.RoleWorker), tracking.Schedule{Min: delayInterval, TestClock: true}, time.Now)
	w := worker.New(polls, source.New(source.Config{AllowPrivate: true}), slog.New(slog.DiscardHandler), worker.Config{})
	n := notifier.New(d.open(b, store.RoleNotifier), &taken{}, slog.New(slog.DiscardHandler), notifier.Config{})
	done := make(chan error, 2)
	go func() { done <- w.Run(ctx) }()
	go func() { done <- n.Run(ctx) }()

	d.awaitCount(b, delayFeeds, `SELECT count(*) FROM client_accounts WHERE baseline_at IS NOT NULL`)
	for i := range delayFeeds * delayPosts {
		if _, err := platforms.Publish(keys[i%delayFeeds], sim.PostSpec{Title: "Post " + strconv.Itoa(i), PublishedAt: time.Now()}); err != nil {
			b.Fatal(err)
		}
		time.Sleep(delayPerPost)
	}
	d.awaitCount(b, delayFeeds*delayPosts, `SELECT count(*) FROM deliveries WHERE state = 'sent'`)
	cancel()
	for range 2 {
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	d.printDelays(b)
}

// taken is a Discord that takes everything at once.
type taken struct{ messages atomic.Int64 }

func (t *taken) CreateMessage(context.Context, string, discord.MessageCreate) (discord.Message, error) {
	return discord.Message{ID: strconv.FormatInt(t.messages.Add(1), 10)}, nil
}

func (*taken) ChannelMessages(context.Context, string, discord.MessageQuery) ([]discord.Message, error) {
	return nil, nil
}

func (*taken) LeaveGuild(context.Context, string) error { return nil }

func (*taken) Self(context.Context) (discord.Application, error) {
	return discord.Application{ID: "1"}, nil
}

// feeds makes feeds that the tenant tracks, each in a channel of its own, and returns their keys.
func (d database) feeds(b *testing.B, client uuid.UUID, platforms *sim.Sim, base string) []string {
	b.Helper()
	keys := make([]string, delayFeeds)
	for i := range keys {
		name := fmt.Sprintf("feed%d", i)
		key, err := platforms.AddFeed(sim.SourceSpec{Name: name})
		if err != nil {
			b.Fatal(err)
		}
		keys[i] = key
		d.exec(b, `WITH s AS (
				INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, next_poll_at)
				VALUES (gen_random_uuid(), 'rss', $2, $3, $3, $2, $4, now()) RETURNING id)
			INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, channel_id)
			SELECT $1, gen_random_uuid(), (SELECT id FROM brands WHERE client_id = $1), (SELECT id FROM account_groups WHERE client_id = $1), id, $5 FROM s`,
			client, base+"/feeds/"+name+".xml", name, tracking.Lane(client), strconv.Itoa(500000000000000000+i))
	}
	return keys
}

// awaitCount waits for a number in the database.
func (d database) awaitCount(b *testing.B, want int, sql string) {
	b.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for got := 0; got < want; time.Sleep(20 * time.Millisecond) {
		if err := d.admin.QueryRow(b.Context(), sql).Scan(&got); err != nil {
			b.Fatal(err)
		}
		if time.Now().After(deadline) {
			b.Fatalf("%d of %d after two minutes: %s", got, want, sql)
		}
	}
}

func (d database) printDelays(b *testing.B) {
	b.Helper()
	for _, delay := range []struct{ what, from, aim string }{
		{fmt.Sprintf("published to delivered, polled every %s", delayInterval), "published_at", "<= the interval and a second"},
		{"detected to delivered, our own share", "detected_at", "p95 <= 1s"},
	} {
		rows, err := d.admin.Query(b.Context(), `SELECT extract(epoch FROM delivered_at - `+delay.from+`)::float8 FROM deliveries WHERE kind = 'post'`)
		if err != nil {
			b.Fatal(err)
		}
		var all []float64
		for rows.Next() {
			var seconds float64
			if err := rows.Scan(&seconds); err != nil {
				b.Fatal(err)
			}
			all = append(all, seconds)
		}
		if err := rows.Err(); err != nil {
			b.Fatal(err)
		}
		slices.Sort(all)
		at := func(share float64) time.Duration {
			return time.Duration(all[int(share*float64(len(all)-1))] * float64(time.Second)).Round(time.Millisecond)
		}
		fmt.Printf("%-46s p50 %9s  p95 %9s  of %d posts (aim %s)\n", delay.what, at(0.5), at(0.95), len(all), delay.aim)
	}
}

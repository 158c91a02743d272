package delivery_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/delivery/deliverytest"
	"trackbot/internal/store"
)

func TestEnqueuePostsLeavesADueDeliveryWithItsTimesAndTrail(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	post := c.Posts(t, 1)[0]
	var state, channel, event, detail, account string
	var published, detected time.Time
	w.Scan(t, `SELECT state, channel_id, published_at, detected_at, trail->0->>'event', trail->0->>'detail', payload->>'account' FROM deliveries WHERE post_id = $1`,
		[]any{post.PostID}, &state, &channel, &published, &detected, &event, &detail, &account)
	if state != "pending" || channel != c.Channel || event != "queued" || detail == "" || account != "Example News" {
		t.Errorf("delivery is %s in %s, trail %s %q, account %q", state, channel, event, detail, account)
	}
	if !published.Equal(post.PublishedAt) || detected.Sub(post.DetectedAt).Abs() > time.Millisecond {
		t.Errorf("times are %s and %s, want %s and %s", published, detected, post.PublishedAt, post.DetectedAt)
	}
	if n := w.Count(t, `SELECT count(*) FROM channel_queues WHERE channel_id = $1 AND due_at <= now()`, c.Channel); n != 1 {
		t.Errorf("%d due channels, want 1", n)
	}
}

func TestEnqueuePostsOrdersOlderPostsFirst(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	var posts []delivery.NewPost
	for range 20 {
		posts = append(posts, c.Post(t))
	}
	shuffled := slices.Clone(posts)
	slices.Reverse(shuffled)
	w.Enqueue(t, shuffled...)
	for i, id := range queued(t, w, c.Channel) {
		if id != posts[i].PostID {
			t.Fatalf("place %d has post %s, want %s", i, id, posts[i].PostID)
		}
	}
}

// queued returns the posts of a channel's line in order.
func queued(t *testing.T, w *deliverytest.World, channel string) []uuid.UUID {
	t.Helper()
	var ids []uuid.UUID
	w.Scan(t, `SELECT array_agg(post_id ORDER BY seq) FROM deliveries WHERE channel_id = $1 AND post_id IS NOT NULL`, []any{channel}, &ids)
	return ids
}

func TestEnqueuePostsTwiceAddsNothing(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	sent := c.Post(t)
	skipped := c.Post(t)
	skipped.Kind = "reply"
	for range 2 {
		w.Enqueue(t, sent, skipped)
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries`); n != 2 {
		t.Errorf("%d deliveries, want 2", n)
	}
}

func TestEnqueuePostsExplainsWhyAPostGoesNowhere(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	w.Exec(t, `UPDATE guild_settings SET notifications_enabled = false WHERE client_id = $1`, c.ID)
	post := c.Posts(t, 1)[0]
	var state, reason, event string
	w.Scan(t, `SELECT state, reason, trail->0->>'event' FROM deliveries WHERE post_id = $1`, []any{post.PostID}, &state, &reason, &event)
	if state != "skipped" || reason != delivery.ReasonNotificationsOff || event != "skipped" {
		t.Errorf("delivery is %s for %s (%s)", state, reason, event)
	}
	if n := w.Count(t, `SELECT count(*) FROM channel_queues`); n != 0 {
		t.Errorf("%d channels have work", n)
	}
}

func TestEnqueuePostsFollowsRoutesOfItsOwnTenantOnly(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	a, b := w.Client(t), w.Client(t)
	extra := w.Snowflake()
	a.KnowChannel(t, extra)
	for _, channel := range []string{a.Channel, extra, extra} {
		w.Exec(t, `INSERT INTO routes (client_id, id, brand_id, channel_id) VALUES ($1, gen_random_uuid(), $2, $3)`, a.ID, a.Brand, channel)
	}
	w.Enqueue(t, a.Post(t), b.Post(t))
	for channel, want := range map[string]int{a.Channel: 1, extra: 1, b.Channel: 1} {
		if got := len(queued(t, w, channel)); got != want {
			t.Errorf("channel %s has %d posts, want %d", channel, got, want)
		}
	}
}

func TestEnqueueNoticeWritesOncePerKeyUnderTheTenantsOwnScope(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	bot, err := store.Open(t.Context(), w.URL, store.RoleBot)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(bot.Close)
	for range 3 {
		err := bot.InTenantTx(t.Context(), c.ID, func(tx store.Conn) error {
			return delivery.EnqueueNotice(t.Context(), tx, delivery.Notice{ClientID: c.ID, Key: "greeting", ChannelID: c.Channel, Message: delivery.Message{Title: "Hello"}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE kind = 'notice' AND payload->>'title' = 'Hello'`); n != 1 {
		t.Errorf("%d notices, want 1", n)
	}
	if n := w.Count(t, `SELECT count(*) FROM channel_queues WHERE due_at IS NOT NULL`); n != 1 {
		t.Errorf("%d due channels, want 1", n)
	}
}

// Writers that share channels in any order neither deadlock nor lose a post.
func TestConcurrentWritersDoNotDeadlock(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	clients := []*deliverytest.Client{w.Client(t), w.Client(t), w.Client(t)}
	const writers, rounds = 6, 5
	batches := make([][]delivery.NewPost, writers)
	for i := range batches {
		for range rounds {
			for j := range clients {
				batches[i] = append(batches[i], clients[(i+j)%len(clients)].Post(t))
			}
		}
	}
	var wg sync.WaitGroup
	for _, batch := range batches {
		wg.Go(func() {
			for posts := range slices.Chunk(batch, len(clients)) {
				err := w.Worker.InTx(t.Context(), func(tx store.Conn) error { return delivery.EnqueuePosts(t.Context(), tx, posts) })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n := w.Count(t, `SELECT count(*) FROM deliveries WHERE state = 'pending'`); n != writers*rounds*len(clients) {
		t.Errorf("%d deliveries, want %d", n, writers*rounds*len(clients))
	}
}

// The second writer to a channel gets its place in the line only after the first has committed.
func TestPlacesInTheLineAreGivenInTheOrderOfCommits(t *testing.T) {
	t.Parallel()
	w := deliverytest.New(t)
	c := w.Client(t)
	first, second := c.Post(t), c.Post(t)
	done := make(chan error, 1)
	err := w.Worker.InTx(t.Context(), func(tx store.Conn) error {
		if err := delivery.EnqueuePosts(t.Context(), tx, []delivery.NewPost{second}); err != nil {
			return err
		}
		go func() {
			done <- w.Worker.InTx(t.Context(), func(tx store.Conn) error {
				return delivery.EnqueuePosts(t.Context(), tx, []delivery.NewPost{first})
			})
		}()
		awaitLockWait(t, w)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got, want := queued(t, w, c.Channel), []uuid.UUID{second.PostID, first.PostID}; !slices.Equal(got, want) {
		t.Errorf("line is %v, want %v", got, want)
	}
}

// awaitLockWait returns once some session of the database waits for another's lock.
func awaitLockWait(t *testing.T, w *deliverytest.World) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		if w.Count(t, `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = coalesce(nullif(l.database, 0), d.oid)
			JOIN pg_stat_activity a ON a.pid = l.pid AND a.datname = current_database()
			WHERE d.datname = current_database() AND NOT l.granted`) > 0 {
			return
		}
	}
	t.Fatal("nobody waits for a lock")
}

// Package deliverytest makes tenants with posts for the tests of delivery and of the notifier.
package deliverytest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/internal/delivery"
	"trackbot/internal/store"
	"trackbot/internal/testkit"
)

// World is a database of its own with a store for each role that delivery works under.
type World struct {
	URL                     string
	Worker, Notifier, Admin *store.Store

	ids atomic.Int64
}

// New returns an empty world that ends with the test.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{URL: testkit.NewDB(t).OwnerURL}
	open := func(role store.Role) *store.Store {
		st, err := store.Open(t.Context(), w.URL, role)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(st.Close)
		return st
	}
	w.Worker, w.Notifier, w.Admin = open(store.RoleWorker), open(store.RoleNotifier), open(store.RoleAdmin)
	return w
}

// Snowflake returns a Discord id that no other has.
func (w *World) Snowflake() string { return fmt.Sprintf("1%017d", w.ids.Add(1)) }

// Exec runs a statement as the operator.
func (w *World) Exec(t testing.TB, sql string, args ...any) {
	t.Helper()
	if _, err := w.Admin.Shared().Exec(context.WithoutCancel(t.Context()), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// Scan reads one row as the operator.
func (w *World) Scan(t testing.TB, sql string, args []any, into ...any) {
	t.Helper()
	if err := w.Admin.Shared().QueryRow(context.WithoutCancel(t.Context()), sql, args...).Scan(into...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// Count reads one number as the operator.
func (w *World) Count(t testing.TB, sql string, args ...any) (n int) {
	t.Helper()
	w.Scan(t, sql, args, &n)
	return n
}

// Client is a tenant with one brand, group and account. Its default channel is known to the bot.
type Client struct {
	w                             *World
	ID, Brand, Group, Account     uuid.UUID
	source                        uuid.UUID
	Guild, Channel, SystemChannel string
	posts                         atomic.Int64
}

// Client adds a tenant.
func (w *World) Client(t testing.TB) *Client {
	t.Helper()
	return w.ClientIn(t, w.Snowflake(), w.Snowflake(), w.Snowflake())
}

// ClientIn adds a tenant for a guild whose channels exist elsewhere, as in a simulator.
func (w *World) ClientIn(t testing.TB, guild, channel, system string) *Client {
	t.Helper()
	c := &Client{
		w: w, ID: newID(t), Brand: newID(t), Group: newID(t), Account: newID(t), source: newID(t),
		Guild: guild, Channel: channel, SystemChannel: system,
	}
	w.Exec(t, `INSERT INTO clients (id, guild_id, name, owner_id, system_channel_id) VALUES ($1, $2, 'guild', $2, $3)`, c.ID, guild, system)
	w.Exec(t, `INSERT INTO guild_settings (client_id, default_channel_id) VALUES ($1, $2)`, c.ID, channel)
	c.KnowChannel(t, channel)
	if system != channel {
		c.KnowChannel(t, system)
	}
	w.Exec(t, `INSERT INTO brands (client_id, id, name) VALUES ($1, $2, 'brand')`, c.ID, c.Brand)
	w.Exec(t, `INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, 'group')`, c.ID, c.Group, c.Brand)
	w.Exec(t, `INSERT INTO sources (id, platform, external_id, handle, display_name, url, avatar_url, lane)
		VALUES ($1, 'bluesky', $2, '@news', 'Example News', 'https://example.org', 'https://example.org/a.png', 0)`, c.source, c.source.String())
	w.Exec(t, `INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id) VALUES ($1, $2, $3, $4, $5)`, c.ID, c.Account, c.Brand, c.Group, c.source)
	return c
}

// KnowChannel makes a channel one that the bot has seen.
func (c *Client) KnowChannel(t testing.TB, channel string) {
	t.Helper()
	c.w.Exec(t, `INSERT INTO guild_channels (client_id, id, name, type, can_send) VALUES ($1, $2, 'channel', 'text', true)`, c.ID, channel)
}

// Post stores a post and returns what EnqueuePosts is told of it. Each is a second younger than the last.
func (c *Client) Post(t testing.TB) delivery.NewPost {
	t.Helper()
	n := c.posts.Add(1)
	p := delivery.NewPost{
		ClientID: c.ID, PostID: newID(t), AccountID: c.Account, GroupID: c.Group, BrandID: c.Brand,
		Kind: "post", Title: fmt.Sprintf("post %d", n), Body: "what it says",
		PublishedAt: time.Now().Add(-time.Hour + time.Duration(n)*time.Second).UTC().Truncate(time.Millisecond), DetectedAt: time.Now(),
	}
	sourcePost := newID(t)
	c.w.Exec(t, `INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at) VALUES ($1, $2, $3, '', $4)`,
		sourcePost, c.source, sourcePost.String(), p.PublishedAt)
	c.w.Exec(t, `INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body, published_at, first_seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'bluesky', $7, $8, $9, $10, $11, $12, now())`,
		c.ID, p.PostID, c.Account, c.Brand, c.Group, sourcePost, p.Kind, sourcePost.String(),
		"https://example.org/"+p.PostID.String(), p.Title, p.Body, p.PublishedAt)
	return p
}

// Posts stores n posts and enqueues them as the worker does.
func (c *Client) Posts(t testing.TB, n int) []delivery.NewPost {
	t.Helper()
	posts := make([]delivery.NewPost, n)
	for i := range posts {
		posts[i] = c.Post(t)
	}
	c.w.Enqueue(t, posts...)
	return posts
}

// Enqueue enqueues posts as the worker does.
func (w *World) Enqueue(t testing.TB, posts ...delivery.NewPost) {
	t.Helper()
	err := w.Worker.InTx(t.Context(), func(tx store.Conn) error { return delivery.EnqueuePosts(t.Context(), tx, posts) })
	if err != nil {
		t.Fatal(err)
	}
}

// Backlog adds channels with waiting posts in bulk, as after an outage.
func (c *Client) Backlog(t testing.TB, channels, each int) {
	t.Helper()
	total := channels * each
	c.w.Exec(t, `WITH p AS (
			INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
			SELECT gen_random_uuid(), $1, gen_random_uuid()::text, '', now() FROM generate_series(1, $2) RETURNING id)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body, published_at, first_seen_at)
		SELECT $3, p.id, $4, $5, $6, p.id, 'bluesky', 'post', p.id::text, 'https://example.org/' || p.id, 'backlog', 'body', now(), now() FROM p`,
		c.source, total, c.ID, c.Account, c.Brand, c.Group)
	c.w.Exec(t, `INSERT INTO channel_queues (client_id, channel_id, due_at) SELECT $1, (300000000000000000 + n)::text, now() FROM generate_series(1, $2) n`, c.ID, channels)
	c.w.Exec(t, `INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, payload, state, published_at, detected_at)
		SELECT client_id, gen_random_uuid(), 'post', id, (300000000000000000 + 1 + row_number() OVER (ORDER BY id) % $2)::text, '{}', 'pending', published_at, now()
		FROM posts WHERE client_id = $1 AND title = 'backlog'`, c.ID, channels)
}

func newID(t testing.TB) uuid.UUID {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

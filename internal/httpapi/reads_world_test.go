package httpapi_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"trackbot/api"
	"trackbot/internal/sim"
	"trackbot/internal/source"
)

const heartbeat = 30 * time.Second

// fakePlatform stands for the Internet: what is typed is the account, and nobody is not there.
type fakePlatform struct{}

func (fakePlatform) Resolve(_ context.Context, _, input string) (source.Account, error) {
	name := input[strings.LastIndex(input, "/")+1:]
	if name == "nobody" {
		return source.Account{}, &source.Error{Kind: source.NotFound, Public: "The platform knows no such account."}
	}
	return source.Account{
		Platform: source.Bluesky, ExternalID: "did:plc:" + name, Handle: name, DisplayName: strings.ToUpper(name), URL: "https://bsky.app/profile/" + name,
	}, nil
}

// newsroom is a guild, its owner who is signed in, and makers of its rows.
type newsroom struct {
	*signInWorld
	t       *testing.T
	guildID string
	client  uuid.UUID
	owner   string
	token   string // of the owner
}

func newNewsroom(t *testing.T, w *signInWorld, name string) *newsroom {
	t.Helper()
	owner := w.addUser(t, strings.ToLower(name))
	n := &newsroom{signInWorld: w, t: t, owner: owner, guildID: w.addGuildNamed(t, name, owner)}
	n.client = one[uuid.UUID](n, "SELECT id FROM clients WHERE guild_id = $1", n.guildID)
	n.token = w.signIn(t, owner).AccessToken
	return n
}

// member signs a plain member of the guild in.
func (n *newsroom) member(name string) (token string) {
	n.t.Helper()
	user := n.addUser(n.t, name)
	n.must(n.sim.AddMember(n.guildID, sim.MemberSpec{UserID: user}))
	return n.signIn(n.t, user).AccessToken
}

func (n *newsroom) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

func (n *newsroom) exec(sql string, args ...any) {
	n.t.Helper()
	_, err := n.admin.Shared().Exec(n.t.Context(), sql, args...)
	n.must(err)
}

// one gives the one value that a query returns.
func one[T any](n *newsroom, sql string, args ...any) (v T) {
	n.t.Helper()
	n.must(n.admin.Shared().QueryRow(n.t.Context(), sql, args...).Scan(&v))
	return v
}

func (n *newsroom) path(tail string) string { return "/api/v1/guilds/" + n.guildID + tail }

// read answers a GET under the guild, as its owner.
func (n *newsroom) read(tail string, header ...string) *httptest.ResponseRecorder {
	c := call{method: "GET", path: n.path(tail), token: n.token, header: map[string]string{}}
	for i := 0; i+1 < len(header); i += 2 {
		c.header[header[i]] = header[i+1]
	}
	return c.send(n)
}

func (n *newsroom) change(method, tail, body string) *httptest.ResponseRecorder {
	return call{method: method, path: n.path(tail), token: n.token, body: body, header: map[string]string{"X-Forwarded-For": "203.0.113.9"}}.send(n)
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func (n *newsroom) brand(name string) uuid.UUID {
	n.t.Helper()
	id := newID()
	n.exec("INSERT INTO brands (client_id, id, name) VALUES ($1, $2, $3)", n.client, id, name)
	return id
}

func (n *newsroom) group(brand uuid.UUID, name string) uuid.UUID {
	n.t.Helper()
	id := newID()
	n.exec("INSERT INTO account_groups (client_id, id, brand_id, name) VALUES ($1, $2, $3, $4)", n.client, id, brand, name)
	return id
}

// account tracks a new source of a platform, polled just now.
func (n *newsroom) account(group uuid.UUID, platform, handle string) uuid.UUID {
	n.t.Helper()
	src, id := newID(), newID()
	n.exec(`INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, state, last_polled_at, next_poll_at)
		VALUES ($1::uuid, $2, $1::text, $3, '', 'https://a.test/' || $3, 1, 'ok', now(), now() + interval '1 hour')`, src, platform, handle)
	n.exec(`INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
		SELECT client_id, $2, brand_id, id, $3, now() FROM account_groups WHERE id = $1`, group, id, src)
	return id
}

// post gives an account a post that is this many minutes old.
func (n *newsroom) post(account uuid.UUID, kind, title string, minutes int) uuid.UUID {
	n.t.Helper()
	id := newID()
	n.exec(`WITH a AS (SELECT a.*, s.platform FROM client_accounts a JOIN sources s ON s.id = a.source_id WHERE a.id = $1),
			sp AS (INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
				SELECT $2::uuid, source_id, $2::text, '', now() FROM a RETURNING id)
		INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, published_at, first_seen_at)
		SELECT client_id, $2::uuid, a.id, brand_id, group_id, sp.id, platform, $3, $2::text, '', $4, now() - $5 * interval '1 minute', now() FROM a, sp`,
		account, id, kind, title, minutes)
	return id
}

// channel is a new one that the bot may post in.
func (n *newsroom) channel() string {
	n.t.Helper()
	return one[string](n, `INSERT INTO guild_channels (client_id, id, name, type, can_send)
		SELECT $1, 500000000000000000 + count(*), 'news', 'text', true FROM guild_channels RETURNING id`, n.client)
}

func (n *newsroom) deliver(post uuid.UUID, channel, state, message string) uuid.UUID {
	n.t.Helper()
	id := newID()
	n.exec(`INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, state, detected_at, delivered_at, message_id, reason)
		VALUES ($1, $2, 'post', $3, $4, $5::text, now(), CASE WHEN $6 <> '' THEN now() END, nullif($6, ''), CASE WHEN $5 IN ('dead', 'skipped') THEN 'why not' ELSE '' END)`,
		n.client, id, post, channel, state, message)
	return id
}

// measure gives a post a measurement of its views and likes at an age.
func (n *newsroom) measure(post uuid.UUID, age string, count int) {
	n.t.Helper()
	n.exec(`INSERT INTO post_metrics (source_post_id, measured_at, views, likes)
		SELECT source_post_id, published_at + $2::text::interval, $3, $3 FROM posts WHERE id = $1`, post, age, count)
}

// titles reads a list of posts, page by page, as the titles in order.
func (n *newsroom) titles(query string) []string {
	n.t.Helper()
	titles, cursor := []string{}, ""
	for {
		page := decode[api.PostList](n.t, n.read("/posts?limit=2&"+query+cursor))
		for _, p := range page.Items {
			titles = append(titles, p.Title.MustGet())
		}
		next, err := page.NextCursor.Get()
		if err != nil {
			return titles
		}
		cursor = "&cursor=" + next
	}
}

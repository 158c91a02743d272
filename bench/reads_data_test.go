package bench_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackbot/internal/account"
)

const (
	postsEach   = 1000 // of a tenant
	sentOfEach  = 100  // its newest posts with a delivery
	firstClient = "00000000-0000-4000-8000-"
)

// The tenants of the reads' data are numbered, and so are their ids and guilds.
func clientNo(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("%s%012d", firstClient, n)) }
func guildNo(n int) string     { return fmt.Sprint(300000000000000000 + n) }

// tenants makes so many tenants, each with ten accounts and postsEach posts of about 700 bytes in JSON, one a
// minute back from now, the newest of them sent to Discord; and one more with as many posts as the depth says.
func (d database) tenants(b *testing.B, n, depth int) {
	b.Helper()
	build := d.unindex(b)
	for at := 0; at < n; at += 1000 {
		d.someTenants(b, at, min(at+1000, n)-1, postsEach)
	}
	if depth > 0 {
		d.someTenants(b, n, n, depth)
	}
	build()
	d.analyze(b)
}

// unindex takes away what slows a bulk load down, the secondary indexes of posts and what is checked of each row,
// and returns what builds the indexes.
func (d database) unindex(b *testing.B) (build func()) {
	b.Helper()
	var definitions []string
	for _, index := range d.texts(b, `SELECT i.indexrelid::regclass::text FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
		WHERE i.indrelid = 'posts'::regclass AND c.oid IS NULL`) {
		definitions = append(definitions, d.texts(b, `SELECT pg_get_indexdef('`+index+`'::regclass)`)...)
		d.own(b, `DROP INDEX `+index)
	}
	for _, key := range d.texts(b, `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
		WHERE contype = 'f' AND conrelid IN ('posts'::regclass, 'deliveries'::regclass, 'source_posts'::regclass)`) {
		d.own(b, key)
	}
	return func() {
		for _, sql := range definitions {
			d.own(b, sql)
		}
	}
}

func (d database) own(b *testing.B, sql string) {
	b.Helper()
	if _, err := d.watch.Exec(b.Context(), sql); err != nil {
		b.Fatal(err)
	}
}

func (d database) texts(b *testing.B, sql string) []string {
	b.Helper()
	rows, err := d.watch.Query(b.Context(), sql)
	if err != nil {
		b.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		b.Fatal(err)
	}
	return out
}

// someTenants makes the tenants from the first number to the last with so many posts each.
func (d database) someTenants(b *testing.B, first, last, posts int) {
	b.Helper()
	conn, err := d.admin.Acquire(b.Context()) // temporary tables are a connection's own
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Release()
	script := strings.NewReplacer(":first", strconv.Itoa(first), ":last", strconv.Itoa(last), ":posts", strconv.Itoa(posts),
		":sent", strconv.Itoa(sentOfEach), ":client", firstClient).Replace(fillTenants)
	if _, err := conn.Exec(b.Context(), script); err != nil {
		b.Fatal(err)
	}
}

const fillTenants = `
CREATE TEMP TABLE new_clients AS SELECT (':client' || lpad(n::text, 12, '0'))::uuid AS id, (300000000000000000 + n)::text AS guild
	FROM generate_series(:first, :last) n;
INSERT INTO clients (id, guild_id, name, owner_id) SELECT id, guild, 'Guild', '100000000000000001' FROM new_clients;
INSERT INTO guild_settings (client_id) SELECT id FROM new_clients;
INSERT INTO subscriptions (client_id, tier) SELECT id, 'enterprise' FROM new_clients;
INSERT INTO guild_channels (client_id, id, name, type, can_send) SELECT id, '400000000000000001', 'news', 'text', true FROM new_clients;
INSERT INTO brands (client_id, id, name) SELECT id, gen_random_uuid(), 'Brand ' || n FROM new_clients, generate_series(1, 5) n;
INSERT INTO account_groups (client_id, id, brand_id, name)
	SELECT client_id, gen_random_uuid(), id, 'Group' FROM brands WHERE client_id IN (SELECT id FROM new_clients);
CREATE TEMP TABLE new_accounts AS SELECT g.client_id, gen_random_uuid() AS id, g.brand_id, g.id AS group_id, gen_random_uuid() AS source_id,
	(ARRAY['rss', 'bluesky', 'mastodon', 'youtube'])[1 + n % 4] AS platform, (row_number() OVER (PARTITION BY g.client_id) - 1) AS nr
	FROM account_groups g, generate_series(1, 2) n WHERE g.client_id IN (SELECT id FROM new_clients);
INSERT INTO sources (id, platform, external_id, handle, display_name, url, lane, last_polled_at, state)
	SELECT source_id, platform, source_id, 'handle', 'Account ' || nr, 'https://x.test', 1, now(), 'ok' FROM new_accounts;
INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
	SELECT client_id, id, brand_id, group_id, source_id, now() FROM new_accounts;
CREATE TEMP TABLE new_posts AS SELECT a.*, n, gen_random_uuid() AS post_id, gen_random_uuid() AS source_post_id, now() - n * interval '1 minute' AS published_at
	FROM generate_series(1, :posts) n, new_accounts a WHERE a.nr = n % 10;
INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
	SELECT source_post_id, source_id, 'p' || n, '\x00', published_at FROM new_posts;
INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title, body,
	author_name, thumbnail_url, published_at, first_seen_at, views, likes, comments, shares, measured_at)
	SELECT client_id, post_id, id, brand_id, group_id, source_post_id, platform, (ARRAY['post', 'video', 'short', 'reply'])[1 + n % 4], 'p' || n,
	'https://x.test/posts/' || n, 'Title of the post ' || n, 'Some text of a post – with “quotes” & more.', 'Author', 'https://x.test/thumbnails/' || n || '.jpg',
	published_at, published_at, n % 9973, n % 977, n % 97, n % 17, now() FROM new_posts;
INSERT INTO deliveries (client_id, id, kind, post_id, channel_id, state, detected_at, delivered_at, message_id)
	SELECT client_id, gen_random_uuid(), 'post', post_id, '400000000000000001', 'sent', now(), now(), '500000000000000001'
	FROM new_posts WHERE n <= :sent;
DROP TABLE new_posts, new_accounts, new_clients`

// users makes as many users, each in the guild of every one of the first tenants, with a session, and returns
// their access tokens. A token names at most as many guilds as real ones do.
func (d database) users(b *testing.B, keys *account.KeyRing, users, tenants int) (tokens []string) {
	b.Helper()
	d.exec(b, `INSERT INTO users (id, username, guilds_confirmed_at, guilds_attempted_at)
		SELECT (600000000000000000 + n)::text, 'ann', now() + interval '1 day', now() FROM generate_series(0, $1::int - 1) n`, users)
	d.exec(b, `INSERT INTO user_guilds (user_id, guild_id, name, is_owner, permissions, confirmed_at, last_used_at)
		SELECT (600000000000000000 + u)::text, (300000000000000000 + g)::text, 'Guild', true, '0', now(), now()
		FROM generate_series(0, $1::int - 1) u, generate_series(0, $2::int - 1) g WHERE g / $3::int = u % ($2::int / $3::int)`, users, tenants, tokenGuilds)
	for n := range users {
		p := account.Principal{UserID: fmt.Sprint(600000000000000000 + n), Username: "ann", SessionID: uuid.New()}
		first := n % (tenants / tokenGuilds) * tokenGuilds
		for g := first; g < first+tokenGuilds; g++ {
			p.Guilds = append(p.Guilds, account.GuildClaim{ID: guildNo(g), ClientID: clientNo(g), Permissions: "0", Owner: true})
		}
		d.exec(b, `INSERT INTO dashboard_sessions (id, user_id, refresh_token_hash, salt, expires_at)
			VALUES ($1, $2, '', '', now() + interval '1 day')`, p.SessionID, p.UserID)
		token, err := keys.Sign(p, time.Now())
		if err != nil {
			b.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	return tokens
}

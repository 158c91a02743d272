package e2e_test

import (
	"testing"

	"trackbot/internal/sim"
)

const (
	// bigGuild belongs to the stranger, so that no other test meets its data.
	bigGuild    = "400000000000000004"
	bigAccounts = 5_000
	postsEach   = 20 // 100,000 in all
)

// fillBig makes a guild with more accounts and posts than a page can hold, as polls would have left them. The sources
// are due in a day, so that no worker looks for what is not there.
func (d *dashboardStack) fillBig(t *testing.T) {
	t.Helper()
	if d.count(t, `SELECT count(*) FROM clients WHERE guild_id = $1`, bigGuild) > 0 {
		return
	}
	if _, err := d.sim.AddGuild(sim.GuildSpec{
		ID: bigGuild, Name: "Great Agency", OwnerID: stranger, Channels: []sim.ChannelSpec{{ID: "420000000000000004", Name: "general", System: true}},
	}); err != nil {
		t.Fatal(err)
	}
	await(t, "the big guild to be taken in", func() bool {
		return d.count(t, `SELECT count(*) FROM clients WHERE guild_id = $1`, bigGuild) == 1
	})
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`UPDATE subscriptions SET tier = 'enterprise' WHERE client_id = (SELECT id FROM clients WHERE guild_id = $1)`, []any{bigGuild}},
		{`INSERT INTO brands (client_id, id, name)
			SELECT c.id, gen_random_uuid(), 'Brand ' || n FROM clients c, generate_series(1, 5) n WHERE c.guild_id = $1`, []any{bigGuild}},
		{`INSERT INTO account_groups (client_id, id, brand_id, name)
			SELECT b.client_id, gen_random_uuid(), b.id, 'Group ' || n
			FROM clients c JOIN brands b ON b.client_id = c.id, generate_series(1, 3) n WHERE c.guild_id = $1`, []any{bigGuild}},
		{`INSERT INTO sources (id, platform, external_id, handle, display_name, url, followers, state, lane, last_polled_at, next_poll_at)
			SELECT gen_random_uuid(), (ARRAY['bluesky', 'youtube', 'mastodon', 'rss'])[1 + n % 4], 'big-' || n, 'big-' || n || '.example',
				(ARRAY['Harbour', 'Meadow', 'Summit', 'Gallery', 'Wheel'])[1 + n % 5] || ' ' || n, 'https://big.example/' || n,
				CASE WHEN n % 4 <> 3 THEN n * 37 % 90000 END, (ARRAY['ok', 'ok', 'ok', 'quiet', 'failing'])[1 + n % 5], 0,
				now() - interval '5 minutes', now() + interval '1 day'
			FROM generate_series(1, $1::int) n`, []any{bigAccounts}},
		{`INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, baseline_at)
			SELECT g.client_id, gen_random_uuid(), g.brand_id, g.id, s.id, now()
			FROM (SELECT id, row_number() OVER (ORDER BY external_id) AS n FROM sources WHERE external_id LIKE 'big-%') s
			JOIN (SELECT g.*, row_number() OVER (ORDER BY g.id) - 1 AS n FROM account_groups g
				JOIN clients c ON c.id = g.client_id AND c.guild_id = $1) g ON g.n = s.n % 15`, []any{bigGuild}},
		{`INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at)
			SELECT gen_random_uuid(), s.id, 'post-' || n, '\x00', now() - (n + random()) * interval '3 hours'
			FROM sources s, generate_series(1, $1::int) n WHERE s.external_id LIKE 'big-%'`, []any{postsEach}},
		{`INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id, url, title,
				body, author_name, published_at, first_seen_at, views, likes, measured_at)
			SELECT a.client_id, gen_random_uuid(), a.id, a.brand_id, a.group_id, p.id, s.platform, 'post', p.external_id,
				s.url || '/' || p.external_id, s.display_name || ' tells story ' || p.external_id, 'What was seen on the way there.',
				s.display_name, p.published_at, p.published_at, (random() * 100000)::bigint, (random() * 900)::bigint, now()
			FROM clients c JOIN client_accounts a ON a.client_id = c.id JOIN sources s ON s.id = a.source_id
			JOIN source_posts p ON p.source_id = s.id WHERE c.guild_id = $1`, []any{bigGuild}},
		{`ANALYZE`, nil},
	} {
		if _, err := d.admin.Shared().Exec(t.Context(), step.sql, step.args...); err != nil {
			t.Fatalf("fill the big guild: %v\n%s", err, step.sql)
		}
	}
}

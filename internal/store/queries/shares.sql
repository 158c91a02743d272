-- name: InsertShare :one
-- share.Desk. Primary key.
INSERT INTO shares (client_id, id, brand_id, token_hash, created_by, expires_at)
VALUES (@client_id, @id, @brand_id, @token_hash, @created_by, @expires_at) RETURNING id, brand_id, created_at, expires_at;

-- name: ListShares :many
-- API: links that were not revoked, newest first. Primary key, backwards.
SELECT id, brand_id, created_at, expires_at, last_viewed_at FROM shares
WHERE client_id = @client_id AND id < @before_id AND revoked_at IS NULL
ORDER BY id DESC LIMIT @max_rows;

-- name: RevokeShare :one
-- share.Desk: no row where there is none, or it was revoked before. Primary key.
UPDATE shares SET revoked_at = now() WHERE client_id = @client_id AND id = @id AND revoked_at IS NULL RETURNING brand_id, expires_at;

-- name: FindShare :one
-- share.Desk: what a token opens, in the scope of its hash. Unique index on token_hash.
SELECT client_id, id, brand_id, expires_at FROM shares
WHERE token_hash = @token_hash AND revoked_at IS NULL AND expires_at > @now::timestamptz;

-- name: NoteShareView :exec
-- share.Desk: at most once a minute. Primary key.
UPDATE shares SET last_viewed_at = @now::timestamptz
WHERE client_id = @client_id AND id = @id AND coalesce(last_viewed_at < @minute_ago::timestamptz, true);

-- name: GetShareHead :one
-- share.Desk: names and time zone of a brand; no row while its tenant is suspended. Primary keys.
SELECT b.name AS brand_name, c.name AS guild_name, s.timezone
FROM brands b JOIN clients c ON c.id = b.client_id JOIN guild_settings s ON s.client_id = b.client_id
WHERE b.client_id = @client_id AND b.id = @brand_id AND c.suspended_at IS NULL;

-- name: ListScorecardAccounts :many
-- share.Desk: a brand's accounts with their followers now and at a time. Index client_accounts_by_brand; primary key
-- of follower_metrics. -1: not known then.
SELECT a.id, s.platform, s.handle, s.display_name, s.url, s.avatar_url, s.followers, coalesce(f.followers, -1)::bigint AS followers_before
FROM client_accounts a JOIN sources s ON s.id = a.source_id
LEFT JOIN LATERAL (
    SELECT m.followers FROM follower_metrics m WHERE m.source_id = a.source_id AND m.measured_at <= @before_time::timestamptz
    ORDER BY m.measured_at DESC LIMIT 1
) f ON true
WHERE a.client_id = @client_id AND a.brand_id = @brand_id
ORDER BY s.platform, lower(s.handle), a.id LIMIT 200;

-- name: ListTopPosts :many
-- share.Desk: a brand's posts of a time with most reactions. Index posts_by_brand.
SELECT p.platform, p.kind, p.url, p.title, p.body, p.author_name, p.thumbnail_url, p.published_at, p.views, p.likes, p.comments, p.shares
FROM posts p
WHERE p.client_id = @client_id AND p.brand_id = @brand_id AND p.published_at >= @from_time::timestamptz AND p.published_at < @to_time::timestamptz
  AND p.removed_at IS NULL AND num_nonnulls(p.views, p.likes, p.comments, p.shares) > 0
ORDER BY coalesce(p.likes, 0) + coalesce(p.comments, 0) + coalesce(p.shares, 0) DESC, coalesce(p.views, 0) DESC, p.id DESC LIMIT 5;

-- name: ListScorecardZones :many
-- share.Weekly: the zones of guilds that want scorecards. Index guild_settings_scorecards.
SELECT DISTINCT timezone FROM guild_settings WHERE weekly_scorecard AND notifications_enabled;

-- name: ListDueScorecards :many
-- share.Weekly: a zone's brands with posts in the week, of accounts tracked before the message is due, that have not got
-- its notice and whose channel works: the one of the brand's own routes, where it has none the default one. Indexes
-- guild_settings_scorecards, posts_by_brand, deliveries_once_notice; primary keys.
SELECT b.client_id, b.id AS brand_id, c.guild_id, s.embed_color, g.id AS channel_id,
       coalesce(s.quiet_hours_start, '')::text AS quiet_start, coalesce(s.quiet_hours_end, '')::text AS quiet_end
FROM guild_settings s
JOIN clients c ON c.id = s.client_id AND c.active
JOIN brands b ON b.client_id = s.client_id
JOIN LATERAL (
    SELECT k.id FROM guild_channels k
    LEFT JOIN routes r ON r.client_id = k.client_id AND r.channel_id = k.id AND r.brand_id = b.id AND r.paused_at IS NULL
    WHERE k.client_id = b.client_id AND k.can_send AND k.paused_at IS NULL
      AND (r.id IS NOT NULL
           OR k.id = s.default_channel_id AND NOT EXISTS (SELECT FROM routes o WHERE o.client_id = b.client_id AND o.brand_id = b.id))
    ORDER BY r.id LIMIT 1
) g ON true
WHERE s.timezone = @timezone AND s.weekly_scorecard AND s.notifications_enabled
  AND (b.client_id, b.id) > (@after_client::uuid, @after_brand::uuid)
  AND NOT EXISTS (SELECT FROM deliveries d WHERE d.client_id = b.client_id AND d.notice_key = 'scorecard:' || b.id || ':' || @week::text)
  AND EXISTS (
    SELECT FROM posts p JOIN client_accounts a ON a.client_id = p.client_id AND a.id = p.account_id
    WHERE p.client_id = b.client_id AND p.brand_id = b.id AND p.removed_at IS NULL
      AND p.published_at >= @from_time::timestamptz AND p.published_at < @to_time::timestamptz AND a.created_at < @due_at::timestamptz)
ORDER BY b.client_id, b.id LIMIT @max_rows;

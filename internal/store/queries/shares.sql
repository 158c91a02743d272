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
-- share.Desk: names and time zone of a brand. Primary keys.
SELECT b.name AS brand_name, c.name AS guild_name, s.timezone
FROM brands b JOIN clients c ON c.id = b.client_id JOIN guild_settings s ON s.client_id = b.client_id
WHERE b.client_id = @client_id AND b.id = @brand_id;

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

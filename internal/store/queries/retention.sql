-- name: DeleteExpiredPosts :many
-- Worker: some posts that are older than their tenant's plan keeps, a few of each tenant, skipping what is in
-- use. A downgrade counts when its grace is over. Index posts_by_time, one probe a tenant; deliveries follow.
WITH expired AS (
    SELECT x.client_id, x.id
    FROM entitlements b
    CROSS JOIN LATERAL (
        SELECT o.client_id, o.id FROM posts o
        WHERE o.client_id = b.client_id AND o.published_at < sqlc.arg(at)::timestamptz - b.retention_days * interval '1 day'
        ORDER BY o.published_at
        LIMIT @per_client::int
        FOR UPDATE SKIP LOCKED
    ) x
    WHERE coalesce(b.grace_until < sqlc.arg(at)::timestamptz, true)
    LIMIT @max_posts::int
)
DELETE FROM posts d USING expired e WHERE d.client_id = e.client_id AND d.id = e.id RETURNING d.source_post_id;

-- name: DeleteOrphanedMetrics :exec
-- Worker: the history of posts that no tenant has any more. What identifies the post stays while its source is
-- tracked, so that a feed that still shows it brings nothing new. Primary key, index posts_by_source_post.
WITH orphaned AS (
    UPDATE source_posts s SET next_measure_at = NULL
    WHERE s.id = ANY (@ids::uuid[]) AND NOT EXISTS (SELECT FROM posts p WHERE p.source_post_id = s.id)
    RETURNING s.id
)
DELETE FROM post_metrics m USING orphaned o WHERE m.source_post_id = o.id;

-- name: DeleteExpiredFollowers :execrows
-- Worker: followers older than any plan keeps. Index follower_metrics_by_time.
WITH longest AS (SELECT max(retention_days) AS days FROM plans
), x AS (
    SELECT m.source_id, m.measured_at FROM follower_metrics m, longest
    WHERE m.measured_at < sqlc.arg(at)::timestamptz - longest.days * interval '1 day'
    LIMIT @max_rows::int
)
DELETE FROM follower_metrics f USING x WHERE f.source_id = x.source_id AND f.measured_at = x.measured_at;

-- name: ListAbandonedSources :many
-- Worker: sources that nobody has tracked for a while. Index sources_unwatched.
SELECT s.id FROM sources s
WHERE s.next_poll_at IS NULL AND greatest(s.created_at, s.last_polled_at, s.failed_at) < @before::timestamptz
  AND NOT EXISTS (SELECT FROM client_accounts a WHERE a.source_id = s.id)
LIMIT @max_sources::int;

-- name: DeletePostsOfSource :execrows
-- Worker: some posts of an abandoned source with their history, no tenant having them. Index source_posts_by_time.
WITH x AS (
    SELECT sp.id FROM source_posts sp WHERE sp.source_id = @source_id LIMIT @max_posts::int FOR UPDATE SKIP LOCKED
)
DELETE FROM source_posts d USING x WHERE d.id = x.id AND NOT EXISTS (SELECT FROM posts p WHERE p.source_post_id = d.id);

-- name: DeleteAbandonedSource :exec
-- Worker: unless somebody tracks it since. Primary key.
DELETE FROM sources s WHERE s.id = @id AND s.next_poll_at IS NULL
  AND NOT EXISTS (SELECT FROM client_accounts a WHERE a.source_id = s.id)
  AND NOT EXISTS (SELECT FROM source_posts p WHERE p.source_id = s.id);

-- name: ListRemovedClients :many
-- Worker: tenants that left a while ago and whose data is still there. Index clients_removed.
SELECT id, guild_id FROM clients
WHERE removed_at < @before::timestamptz AND coalesce(purged_at < removed_at, true)
ORDER BY removed_at LIMIT @max_clients::int;

-- name: DeletePostsOfClient :many
-- Worker: some posts of a removed tenant. Index posts_by_time.
WITH x AS (
    SELECT p.client_id, p.id FROM posts p WHERE p.client_id = @client_id LIMIT @max_posts::int FOR UPDATE SKIP LOCKED
)
DELETE FROM posts d USING x WHERE d.client_id = x.client_id AND d.id = x.id RETURNING d.source_post_id;

-- name: LockRemovedClient :one
-- Worker: keeps a tenant from returning while the rest of its data is deleted. Primary key.
SELECT id FROM clients WHERE id = @client_id AND removed_at < @before::timestamptz FOR UPDATE;

-- name: ListSourcesOfClient :many
-- Worker: what a removed tenant tracked. Index client_accounts_by_brand.
SELECT source_id FROM client_accounts WHERE client_id = @client_id;

-- name: PurgeClient :exec
-- Worker: what is left of a removed tenant but for its settings, plan and log of changes. Each by its key's
-- prefix; groups, accounts, routes and shares follow their brand.
WITH t AS (SELECT @client_id::uuid AS id),
     b AS (DELETE FROM brands x USING t WHERE x.client_id = t.id),
     d AS (DELETE FROM deliveries x USING t WHERE x.client_id = t.id),
     q AS (DELETE FROM channel_queues x USING t WHERE x.client_id = t.id),
     u AS (DELETE FROM usage_daily x USING t WHERE x.client_id = t.id),
     c AS (DELETE FROM guild_channels x USING t WHERE x.client_id = t.id),
     r AS (DELETE FROM guild_roles x USING t WHERE x.client_id = t.id),
     k AS (DELETE FROM api_keys x USING t WHERE x.client_id = t.id)
UPDATE clients SET purged_at = clock_timestamp() FROM t WHERE clients.id = t.id;

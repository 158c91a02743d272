-- name: ListGuildSummaries :many
-- API, guild list: tier, outage and bot of guilds, in directory scope. Unique index on guild_id.
SELECT c.guild_id, c.name, c.icon_hash, c.unavailable_since, b.tier, h.status AS bot_status, h.last_heartbeat AS bot_last_heartbeat
FROM clients c JOIN subscriptions b ON b.client_id = c.id
LEFT JOIN bot_health h ON h.id = c.bot_id
WHERE c.guild_id = ANY (@guild_ids::text[]) AND c.removed_at IS NULL;

-- name: GetGuildDetail :one
-- API: one guild with settings, tier, limits and counts in one round trip. Primary keys; the counts
-- use client_accounts' and posts' (client_id, …) indexes.
SELECT sqlc.embed(c), sqlc.embed(s), sqlc.embed(e),
       (SELECT count(*) FROM brands WHERE brands.client_id = c.id) AS brand_count,
       (SELECT count(*) FROM account_groups g WHERE g.client_id = c.id) AS group_count,
       (SELECT count(*) FROM client_accounts a WHERE a.client_id = c.id) AS account_count,
       (SELECT count(*) FROM posts WHERE posts.client_id = c.id AND posts.published_at > now() - interval '30 days') AS posts_30d,
       h.status AS bot_status, h.last_heartbeat AS bot_last_heartbeat
FROM clients c
JOIN guild_settings s ON s.client_id = c.id
JOIN entitlements e ON e.client_id = c.id
LEFT JOIN bot_health h ON h.id = c.bot_id
WHERE c.id = @client_id;

-- name: GetGuildStatus :one
-- API: bot and queues of one tenant in one round trip. Indexes client_accounts by tenant,
-- deliveries_by_channel, exports by tenant.
SELECT h.status AS bot_status, h.last_heartbeat, h.shard_count, h.guild_count, h.version, c.unavailable_since,
       poll.depth AS poll_depth, poll.oldest AS poll_oldest,
       notify.depth AS notify_depth, notify.oldest AS notify_oldest,
       export.depth AS export_depth, export.oldest AS export_oldest
FROM (SELECT count(*) AS depth, coalesce(extract(epoch FROM now() - min(s.next_poll_at)), 0)::bigint AS oldest
      FROM client_accounts a JOIN sources s ON s.id = a.source_id
      WHERE a.client_id = @client_id AND a.paused IS NULL AND s.next_poll_at <= now()) poll
CROSS JOIN (SELECT count(*) AS depth, coalesce(extract(epoch FROM now() - min(queued_at)), 0)::bigint AS oldest FROM deliveries
      WHERE client_id = @client_id AND state IN ('pending', 'sending', 'retry') AND (retry_at IS NULL OR retry_at <= now())) notify
CROSS JOIN (SELECT count(*) AS depth, coalesce(extract(epoch FROM now() - min(created_at)), 0)::bigint AS oldest FROM exports
      WHERE client_id = @client_id AND state IN ('queued', 'running')) export
JOIN clients c ON c.id = @client_id
LEFT JOIN bot_health h ON h.id = c.bot_id;

-- name: ListPlatformStates :many
-- API: the platforms a tenant uses and how its sources there fare. Index client_accounts by tenant,
-- platform_incidents_open.
SELECT s.platform, bool_or(s.state = 'incident' OR i.id IS NOT NULL)::boolean AS is_incident,
       coalesce(min(i.started_at), min(s.state_since) FILTER (WHERE s.state = 'incident'), min(s.state_since))::timestamptz AS since,
       count(*) FILTER (WHERE s.state = 'incident') AS held,
       array_agg(DISTINCT i.host) FILTER (WHERE i.id IS NOT NULL)::text[] AS hosts
FROM client_accounts a JOIN sources s ON s.id = a.source_id
LEFT JOIN platform_incidents i ON i.platform = s.platform AND i.host IN ('', s.host) AND i.ended_at IS NULL
WHERE a.client_id = @client_id
GROUP BY s.platform ORDER BY s.platform;

-- name: ListUsageByDay :many
-- API: metered use of days from first to last, both included. Primary key.
SELECT * FROM usage_daily
WHERE client_id = @client_id AND day BETWEEN @first_day::date AND @last_day::date
ORDER BY day;

-- name: ListBrandsByName :many
-- API: brands, by name. Index brands_by_name.
SELECT *, lower(name)::text AS sort_name FROM brands
WHERE client_id = @client_id AND lower(name) > @after_name::text
ORDER BY lower(name) LIMIT @max_rows;

-- name: ListGroupsByName :many
-- API: account groups, by name. The groups of a tenant are few: primary key and a sort.
SELECT *, lower(name)::text AS sort_name FROM account_groups
WHERE client_id = @client_id AND coalesce(brand_id = sqlc.narg(brand_id)::uuid, true)
  AND (lower(name), id) > (@after_name::text, @after_id::uuid)
ORDER BY lower(name), id LIMIT @max_rows;

-- name: ListAccountItems :many
-- API: accounts, newest first. Primary key, backwards.
SELECT * FROM account_items
WHERE client_id = @client_id AND id < @before_id::uuid
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND coalesce(state = ANY (sqlc.narg(states)::text[]), true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(handle || ' ' || display_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY id DESC LIMIT @max_rows;

-- name: ListAccountItemsByBrand :many
-- API: accounts of a brand, newest first. Index client_accounts_by_brand, backwards.
SELECT * FROM account_items
WHERE client_id = @client_id AND brand_id = @brand_id AND id < @before_id::uuid
  AND coalesce(group_id = sqlc.narg(group_id)::uuid, true)
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND coalesce(state = ANY (sqlc.narg(states)::text[]), true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(handle || ' ' || display_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY brand_id DESC, id DESC LIMIT @max_rows;

-- name: ListAccountItemsByGroup :many
-- API: accounts of a group, newest first. Index client_accounts_by_group, backwards.
SELECT * FROM account_items
WHERE client_id = @client_id AND group_id = @group_id AND id < @before_id::uuid
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND coalesce(state = ANY (sqlc.narg(states)::text[]), true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(handle || ' ' || display_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY group_id DESC, id DESC LIMIT @max_rows;

-- name: GetAccountItem :one
-- API: one account. Primary key.
SELECT * FROM account_items WHERE client_id = @client_id AND id = @account_id;

-- name: ListFollowers :many
-- API: an account's followers over time, within what its plan keeps; one row without a figure where there is
-- none. Primary keys.
SELECT s.platform, m.measured_at, m.followers
FROM client_accounts a
JOIN sources s ON s.id = a.source_id
JOIN entitlements e ON e.client_id = a.client_id
LEFT JOIN follower_metrics m ON m.source_id = s.id AND m.measured_at > now() - e.retention_days * interval '1 day'
WHERE a.client_id = @client_id AND a.id = @account_id
ORDER BY m.measured_at;

-- name: GetPostItem :one
-- API: one post. Primary key.
SELECT * FROM post_items WHERE client_id = @client_id AND id = @post_id;

-- name: ListPosts :many
-- API: posts, newest first. Index posts_by_time.
SELECT * FROM post_items
WHERE client_id = @client_id AND published_at >= @from_time::timestamptz
  AND (published_at, id) < (@before_time::timestamptz, @before_id::uuid)
  AND coalesce(account_id = sqlc.narg(account_id)::uuid, true)
  AND coalesce(group_id = sqlc.narg(group_id)::uuid, true)
  AND coalesce(brand_id = sqlc.narg(brand_id)::uuid, true)
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND coalesce(kind = sqlc.narg(kind)::text, true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(title || ' ' || body || ' ' || author_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY published_at DESC, id DESC LIMIT @max_rows;

-- name: ListPostsByAccount :many
-- API: posts of one account, newest first. Index posts_by_account.
SELECT * FROM post_items
WHERE client_id = @client_id AND account_id = @account_id::uuid AND published_at >= @from_time::timestamptz
  AND (published_at, id) < (@before_time::timestamptz, @before_id::uuid)
  AND coalesce(group_id = sqlc.narg(group_id)::uuid, true)
  AND coalesce(brand_id = sqlc.narg(brand_id)::uuid, true)
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND coalesce(kind = sqlc.narg(kind)::text, true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(title || ' ' || body || ' ' || author_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY published_at DESC, id DESC LIMIT @max_rows;

-- name: ListPostsByGroup :many
-- API: posts of one group, newest first. Index posts_by_group.
SELECT * FROM post_items
WHERE client_id = @client_id AND group_id = @group_id::uuid AND published_at >= @from_time::timestamptz
  AND (published_at, id) < (@before_time::timestamptz, @before_id::uuid)
  AND coalesce(account_id = sqlc.narg(account_id)::uuid, true)
  AND coalesce(brand_id = sqlc.narg(brand_id)::uuid, true)
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND coalesce(kind = sqlc.narg(kind)::text, true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(title || ' ' || body || ' ' || author_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY published_at DESC, id DESC LIMIT @max_rows;

-- name: ListPostsByBrand :many
-- API: posts of one brand, newest first. Index posts_by_brand.
SELECT * FROM post_items
WHERE client_id = @client_id AND brand_id = @brand_id::uuid AND published_at >= @from_time::timestamptz
  AND (published_at, id) < (@before_time::timestamptz, @before_id::uuid)
  AND coalesce(account_id = sqlc.narg(account_id)::uuid, true)
  AND coalesce(group_id = sqlc.narg(group_id)::uuid, true)
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND coalesce(kind = sqlc.narg(kind)::text, true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(title || ' ' || body || ' ' || author_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY published_at DESC, id DESC LIMIT @max_rows;

-- name: ListPostsByPlatform :many
-- API: posts of one platform, newest first. Index posts_by_platform.
SELECT * FROM post_items
WHERE client_id = @client_id AND platform = @platform::text AND published_at >= @from_time::timestamptz
  AND (published_at, id) < (@before_time::timestamptz, @before_id::uuid)
  AND coalesce(account_id = sqlc.narg(account_id)::uuid, true)
  AND coalesce(group_id = sqlc.narg(group_id)::uuid, true)
  AND coalesce(brand_id = sqlc.narg(brand_id)::uuid, true)
  AND coalesce(kind = sqlc.narg(kind)::text, true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(title || ' ' || body || ' ' || author_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY published_at DESC, id DESC LIMIT @max_rows;

-- name: ListPostsByKind :many
-- API: posts of one kind, newest first. Index posts_by_kind.
SELECT * FROM post_items
WHERE client_id = @client_id AND kind = @kind::text AND published_at >= @from_time::timestamptz
  AND (published_at, id) < (@before_time::timestamptz, @before_id::uuid)
  AND coalesce(account_id = sqlc.narg(account_id)::uuid, true)
  AND coalesce(group_id = sqlc.narg(group_id)::uuid, true)
  AND coalesce(brand_id = sqlc.narg(brand_id)::uuid, true)
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(title || ' ' || body || ' ' || author_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY published_at DESC, id DESC LIMIT @max_rows;

-- name: ListPostsByViews :many
-- API: posts by views, most first, unknown last. Index posts_by_views.
SELECT * FROM post_items
WHERE client_id = @client_id AND coalesce(published_at >= sqlc.narg(from_time)::timestamptz, true)
  AND coalesce(published_at < sqlc.narg(to_time)::timestamptz, true)
  AND (coalesce(views, -1), id) < (@before_count::bigint, @before_id::uuid)
  AND coalesce(account_id = sqlc.narg(account_id)::uuid, true)
  AND coalesce(group_id = sqlc.narg(group_id)::uuid, true)
  AND coalesce(brand_id = sqlc.narg(brand_id)::uuid, true)
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND coalesce(kind = sqlc.narg(kind)::text, true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(title || ' ' || body || ' ' || author_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY coalesce(views, -1) DESC, id DESC LIMIT @max_rows;

-- name: ListPostsByLikes :many
-- API: posts by likes, most first, unknown last. Index posts_by_likes.
SELECT * FROM post_items
WHERE client_id = @client_id AND coalesce(published_at >= sqlc.narg(from_time)::timestamptz, true)
  AND coalesce(published_at < sqlc.narg(to_time)::timestamptz, true)
  AND (coalesce(likes, -1), id) < (@before_count::bigint, @before_id::uuid)
  AND coalesce(account_id = sqlc.narg(account_id)::uuid, true)
  AND coalesce(group_id = sqlc.narg(group_id)::uuid, true)
  AND coalesce(brand_id = sqlc.narg(brand_id)::uuid, true)
  AND coalesce(platform = sqlc.narg(platform)::text, true)
  AND coalesce(kind = sqlc.narg(kind)::text, true)
  AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(title || ' ' || body || ' ' || author_name), lower(sqlc.narg(search)::text)) > 0 END
ORDER BY coalesce(likes, -1) DESC, id DESC LIMIT @max_rows;

-- name: ListClients :many
-- Operator: every tenant with its plan. Few enough for a scan.
SELECT c.id, c.guild_id, c.name, c.created_at, c.removed_at, c.suspended_at, b.tier, b.source,
       (SELECT count(*) FROM client_accounts a WHERE a.client_id = c.id) AS accounts
FROM clients c JOIN subscriptions b ON b.client_id = c.id ORDER BY c.created_at;

-- name: GetSubscriptionByGuild :one
-- Operator: the tenant of a guild and its plan, locked for a change. Unique index on guild_id.
SELECT c.id, c.name, b.tier FROM clients c JOIN subscriptions b ON b.client_id = c.id
WHERE c.guild_id = @guild_id FOR UPDATE OF b;

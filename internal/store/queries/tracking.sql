-- name: CountPlanUse :one
-- tracking.Catalog: what counts against a plan; what the plan has paused does not. Index client_accounts_by_brand.
SELECT (SELECT count(*) FROM brands b WHERE b.client_id = @client_id) AS brands,
       (SELECT count(*) FROM client_accounts a
        WHERE a.client_id = @client_id AND a.paused IS DISTINCT FROM 'paused_by_plan') AS accounts;

-- name: InsertBrand :one
-- tracking.Catalog. Unique index brands_by_name.
INSERT INTO brands (client_id, id, name) VALUES (@client_id, @id, @name) RETURNING *;

-- name: LockBrand :one
-- tracking.Catalog: a brand before it is changed or filled. Primary key.
SELECT * FROM brands WHERE client_id = @client_id AND id = @id FOR NO KEY UPDATE;

-- name: RenameBrand :one
-- tracking.Catalog. Primary key.
UPDATE brands SET name = @name, updated_at = now() WHERE client_id = @client_id AND id = @id RETURNING *;

-- name: DeleteBrand :exec
-- tracking.Catalog: takes its groups, accounts, posts and routes along. Primary key.
DELETE FROM brands WHERE client_id = @client_id AND id = @id;

-- name: GetFirstBrand :one
-- tracking.Catalog: where an account goes that names no group. Primary key's prefix.
SELECT * FROM brands WHERE client_id = @client_id ORDER BY created_at, id LIMIT 1;

-- name: InsertGroup :one
-- tracking.Catalog. Unique index account_groups_by_name.
INSERT INTO account_groups (client_id, id, brand_id, name) VALUES (@client_id, @id, @brand_id, @name) RETURNING *;

-- name: LockGroup :one
-- tracking.Catalog: a group before it is changed or filled. Primary key.
SELECT * FROM account_groups WHERE client_id = @client_id AND id = @id FOR NO KEY UPDATE;

-- name: UpdateGroup :one
-- tracking.Catalog: name and brand; the accounts' brand follows by foreign key. Primary key.
UPDATE account_groups SET name = @name, brand_id = @brand_id, updated_at = now()
WHERE client_id = @client_id AND id = @id RETURNING *;

-- name: DeleteGroup :exec
-- tracking.Catalog: takes its accounts, posts and routes along. Primary key.
DELETE FROM account_groups WHERE client_id = @client_id AND id = @id;

-- name: GetFallbackGroup :one
-- tracking.Catalog: where an account goes that names no group: one called so, else the oldest.
SELECT * FROM account_groups WHERE client_id = @client_id
ORDER BY lower(name) = lower(@name::text) DESC, created_at, id LIMIT 1;

-- name: MovePostsOfGroup :exec
-- tracking.Catalog: posts carry their account's brand. Index posts_by_group.
UPDATE posts SET brand_id = @brand_id WHERE client_id = @client_id AND group_id = @group_id;

-- name: MovePostsOfAccount :exec
-- tracking.Catalog: posts carry their account's brand and group. Index posts_by_account.
UPDATE posts SET brand_id = @brand_id, group_id = @group_id WHERE client_id = @client_id AND account_id = @account_id;

-- name: UpsertSource :one
-- tracking.Catalog: the real account behind a new one, due at once. One that is there is polled without
-- validators, so that the newcomer's first poll sees all posts, and a poll under way is not recorded.
-- What was not resolved just now does not overwrite what is known nor cut a back-off short. Unique index (platform, external_id).
INSERT INTO sources (id, platform, external_id, handle, display_name, url, avatar_url, followers, lane, state_reason, next_poll_at)
VALUES (@id, @platform, @external_id, @handle, @display_name, @url, @avatar_url, sqlc.narg(followers), @lane, @state_reason, clock_timestamp())
ON CONFLICT (platform, external_id) DO UPDATE SET
    handle       = CASE WHEN @resolved::boolean THEN excluded.handle ELSE sources.handle END,
    display_name = CASE WHEN @resolved THEN excluded.display_name ELSE sources.display_name END,
    url          = CASE WHEN @resolved THEN excluded.url ELSE sources.url END,
    avatar_url   = CASE WHEN @resolved AND excluded.avatar_url <> '' THEN excluded.avatar_url ELSE sources.avatar_url END,
    followers    = coalesce(excluded.followers, sources.followers),
    state        = CASE WHEN @resolved AND sources.state = 'gone' THEN 'learning' ELSE sources.state END,
    state_since  = CASE WHEN @resolved AND sources.state = 'gone' THEN clock_timestamp() ELSE sources.state_since END,
    state_reason = CASE WHEN @resolved AND sources.state = 'gone' THEN '' ELSE sources.state_reason END,
    lane         = CASE WHEN sources.next_poll_at IS NULL THEN excluded.lane ELSE sources.lane END,
    next_poll_at = CASE WHEN @resolved OR sources.failures = 0 OR sources.next_poll_at IS NULL THEN excluded.next_poll_at ELSE sources.next_poll_at END,
    cursor = '', etag = '', last_modified = '', lease_token = NULL
RETURNING *;

-- name: RestartSource :exec
-- tracking.Catalog: a resumed account is like a new one: the next poll is full and, unless the source backs off, due now. Primary key.
UPDATE sources SET cursor = '', etag = '', last_modified = '', lease_token = NULL,
    next_poll_at = CASE WHEN failures = 0 THEN clock_timestamp() ELSE coalesce(next_poll_at, clock_timestamp()) END
WHERE id = @id;

-- name: PollNow :exec
-- tracking.Catalog: a manager wants it checked now; one that is being polled is. Primary key.
UPDATE sources SET next_poll_at = clock_timestamp() WHERE id = @id AND next_poll_at IS NOT NULL AND lease_token IS NULL;

-- name: LockSourcesOf :many
-- tracking.Catalog: the sources behind what is about to change, locked before the accounts and in order,
-- as the worker does. Primary keys, index client_accounts_by_group or client_accounts_by_brand.
SELECT s.id FROM sources s WHERE s.id IN (
    SELECT a.source_id FROM client_accounts a
    WHERE a.client_id = @client_id
      AND (a.id = sqlc.narg(account_id) OR a.group_id = sqlc.narg(group_id) OR a.brand_id = sqlc.narg(brand_id)))
ORDER BY s.id FOR NO KEY UPDATE;

-- name: ReviewSources :exec
-- Tracking and guild: someone stopped tracking these. Only the worker sees all tenants, so it is asked
-- to look: a due source without trackers leaves the schedule. One that backs off keeps its wait. Locked in order, as
-- everyone does. Primary key.
WITH theirs AS (
    SELECT s.id FROM sources s WHERE s.id = ANY (@ids::uuid[]) AND s.next_poll_at IS NOT NULL AND s.failures = 0
    ORDER BY s.id FOR NO KEY UPDATE
)
UPDATE sources SET lease_token = NULL, next_poll_at = clock_timestamp() FROM theirs WHERE sources.id = theirs.id;

-- name: InsertAccount :exec
-- tracking.Catalog. Unique (client_id, source_id).
INSERT INTO client_accounts (client_id, id, brand_id, group_id, source_id, channel_id, announce_latest)
VALUES (@client_id, @id, @brand_id, @group_id, @source_id, sqlc.narg(channel_id), @announce_latest);

-- name: GetTrackedAccount :one
-- API and bot: an account with its source and place. Primary keys.
SELECT sqlc.embed(a), sqlc.embed(s), b.name AS brand_name, g.name AS group_name
FROM client_accounts a
JOIN sources s ON s.id = a.source_id
JOIN brands b ON b.client_id = a.client_id AND b.id = a.brand_id
JOIN account_groups g ON g.client_id = a.client_id AND g.id = a.group_id
WHERE a.client_id = @client_id AND a.id = @id;

-- name: GetAccountBySource :one
-- tracking.Catalog: names the account that already tracks a source. Unique (client_id, source_id).
SELECT a.id, b.name AS brand_name, g.name AS group_name
FROM client_accounts a
JOIN brands b ON b.client_id = a.client_id AND b.id = a.brand_id
JOIN account_groups g ON g.client_id = a.client_id AND g.id = a.group_id
WHERE a.client_id = @client_id AND a.source_id = @source_id;

-- name: LockAccount :one
-- tracking.Catalog: an account before it is changed. Primary key.
SELECT * FROM client_accounts WHERE client_id = @client_id AND id = @id FOR NO KEY UPDATE;

-- name: MoveAccount :exec
-- tracking.Catalog. Primary key.
UPDATE client_accounts SET brand_id = @brand_id, group_id = @group_id, updated_at = now()
WHERE client_id = @client_id AND id = @id;

-- name: SetAccountChannel :exec
-- tracking.Catalog. Primary key.
UPDATE client_accounts SET channel_id = sqlc.narg(channel_id), updated_at = now()
WHERE client_id = @client_id AND id = @id;

-- name: PauseAccount :exec
-- tracking.Catalog. Primary key.
UPDATE client_accounts SET paused = 'paused', paused_since = now(), paused_reason = @reason, updated_at = now()
WHERE client_id = @client_id AND id = @id;

-- name: ResumeAccount :exec
-- tracking.Catalog: what was published meanwhile is stored and not announced. Primary key.
UPDATE client_accounts SET paused = NULL, paused_since = NULL, paused_reason = '',
    baseline_at = NULL, announce_latest = false, told_state = 'ok', updated_at = now()
WHERE client_id = @client_id AND id = @id;

-- name: DeleteAccount :exec
-- tracking.Catalog: takes its posts and routes along. Primary key.
DELETE FROM client_accounts WHERE client_id = @client_id AND id = @id;

-- name: ListBrandUse :many
-- Bot: brands with what is in them, by name. Indexes brands_by_name, client_accounts_by_brand.
SELECT b.id, b.name,
    (SELECT count(*) FROM account_groups g WHERE g.client_id = b.client_id AND g.brand_id = b.id) AS groups,
    (SELECT count(*) FROM client_accounts a WHERE a.client_id = b.client_id AND a.brand_id = b.id) AS accounts
FROM brands b
WHERE b.client_id = @client_id AND (sqlc.narg(id)::uuid IS NULL OR b.id = sqlc.narg(id))
  AND strpos(lower(b.name), lower(@search::text)) > 0
ORDER BY lower(b.name), b.id
LIMIT @max_rows;

-- name: ListGroupUse :many
-- Bot: groups with their brand and what is in them, by name. Index account_groups_by_name; client_accounts_by_group.
SELECT g.id, g.name, g.brand_id, b.name AS brand_name,
    (SELECT count(*) FROM client_accounts a WHERE a.client_id = g.client_id AND a.group_id = g.id) AS accounts
FROM account_groups g
JOIN brands b ON b.client_id = g.client_id AND b.id = g.brand_id
WHERE g.client_id = @client_id AND (sqlc.narg(id)::uuid IS NULL OR g.id = sqlc.narg(id))
  AND (sqlc.narg(brand_id)::uuid IS NULL OR g.brand_id = sqlc.narg(brand_id))
  AND strpos(lower(b.name || ' › ' || g.name), lower(@search::text)) > 0
ORDER BY lower(b.name), lower(g.name), g.id
LIMIT @max_rows;

-- name: ListAccountUse :many
-- Bot: accounts with source and place, by brand, group and name. Index client_accounts_by_brand.
SELECT sqlc.embed(a), sqlc.embed(s), b.name AS brand_name, g.name AS group_name, count(*) OVER () AS total
FROM client_accounts a
JOIN sources s ON s.id = a.source_id
JOIN brands b ON b.client_id = a.client_id AND b.id = a.brand_id
JOIN account_groups g ON g.client_id = a.client_id AND g.id = a.group_id
WHERE a.client_id = @client_id AND (sqlc.narg(id)::uuid IS NULL OR a.id = sqlc.narg(id))
  AND (sqlc.narg(group_id)::uuid IS NULL OR a.group_id = sqlc.narg(group_id))
  AND (sqlc.narg(brand_id)::uuid IS NULL OR a.brand_id = sqlc.narg(brand_id))
  AND strpos(lower(s.display_name || ' ' || s.handle || ' ' || s.platform), lower(@search::text)) > 0
ORDER BY lower(b.name), lower(g.name), lower(s.display_name), a.id
LIMIT @max_rows OFFSET @skip_rows;

-- name: CountAccountStates :many
-- Bot: how many accounts are in which state, for the overview. Index client_accounts_by_brand.
SELECT coalesce(a.paused, s.state)::text AS state, count(*) AS accounts
FROM client_accounts a JOIN sources s ON s.id = a.source_id
WHERE a.client_id = @client_id
GROUP BY 1 ORDER BY 1;

-- name: ListRouteItems :many
-- API: routes, newest first. Primary key, backwards.
SELECT * FROM route_items WHERE client_id = @client_id AND id < @before_id::uuid ORDER BY id DESC LIMIT @max_rows;

-- name: ListRouteUse :many
-- Bot: routes with the names of what they aim at, by name; of those that aim at an account, its group or its brand if
-- any is given. There are at most 500. Primary keys of routes and of what they aim at.
SELECT sqlc.embed(r), coalesce(nullif(s.display_name, ''), s.handle, gb.name || ' › ' || g.name, b.name, '')::text AS target,
       count(*) OVER () AS total
FROM route_items r
LEFT JOIN client_accounts a ON a.client_id = r.client_id AND a.id = r.account_id
LEFT JOIN sources s ON s.id = a.source_id
LEFT JOIN account_groups g ON g.client_id = r.client_id AND g.id = r.group_id
LEFT JOIN brands gb ON gb.client_id = g.client_id AND gb.id = g.brand_id
LEFT JOIN brands b ON b.client_id = r.client_id AND b.id = r.brand_id
WHERE r.client_id = @client_id AND coalesce(r.id = sqlc.narg(id)::uuid, true)
  AND (sqlc.narg(account_id)::uuid IS NULL AND sqlc.narg(group_id)::uuid IS NULL AND sqlc.narg(brand_id)::uuid IS NULL
       OR r.account_id = sqlc.narg(account_id)::uuid OR r.group_id = sqlc.narg(group_id)::uuid OR r.brand_id = sqlc.narg(brand_id)::uuid)
  AND strpos(lower(coalesce(nullif(s.display_name, ''), s.handle, gb.name || ' › ' || g.name, b.name, '')
                   || ' #' || coalesce(r.channel_name, '')), lower(@search::text)) > 0
ORDER BY lower(coalesce(nullif(s.display_name, ''), s.handle, gb.name || ' › ' || g.name, b.name, '')), r.id
LIMIT @max_rows OFFSET @skip_rows;

-- name: GetRouteItem :one
-- API: one route. Primary key.
SELECT * FROM route_items WHERE client_id = @client_id AND id = @route_id;

-- name: LockRoute :one
-- API, before a change. Primary key.
SELECT * FROM routes WHERE client_id = @client_id AND id = @route_id FOR UPDATE;

-- name: CountRoutes :one
-- API, before another route, while the settings are locked: how many there are, and how many are just this one. Primary key.
SELECT count(*) AS all_routes,
       count(*) FILTER (WHERE account_id IS NOT DISTINCT FROM sqlc.narg(account_id)::uuid AND group_id IS NOT DISTINCT FROM sqlc.narg(group_id)::uuid
                        AND brand_id IS NOT DISTINCT FROM sqlc.narg(brand_id)::uuid AND channel_id = @channel_id::text
                        AND kinds = @kinds::text[] AND include = @include::text[] AND exclude = @exclude::text[]) AS same_routes
FROM routes WHERE client_id = @client_id;

-- name: InsertRoute :exec
-- API: a new route.
INSERT INTO routes (client_id, id, account_id, group_id, brand_id, channel_id, kinds, include, exclude, mention_role_id, template)
VALUES (@client_id, @id, @account_id, @group_id, @brand_id, @channel_id, @kinds, @include, @exclude, @mention_role_id, @template);

-- name: UpdateRoute :exec
-- API: all that can change of a route. Primary key.
UPDATE routes SET channel_id = @channel_id, kinds = @kinds, include = @include, exclude = @exclude, mention_role_id = @mention_role_id,
    template = @template, paused_at = @paused_at, paused_reason = @paused_reason, updated_at = now()
WHERE client_id = @client_id AND id = @id;

-- name: DeleteRoute :exec
-- API: what is queued by the route still leaves. Primary key.
DELETE FROM routes WHERE client_id = @client_id AND id = @id;

-- name: GetKnownRole :one
-- API: a role as the bot last saw it. Primary key of guild_roles.
SELECT id, name FROM guild_roles WHERE client_id = @client_id AND id = @mention_role_id;

-- name: GetPostCard :one
-- API: a post as its message shows it. Primary key of posts.
SELECT * FROM post_cards WHERE client_id = @client_id AND id = @post_id;

-- name: ListPostCardsByAccount :many
-- API, to preview a route: an account's latest posts. Index posts_by_account.
SELECT * FROM post_cards WHERE client_id = @client_id AND account_id = @account_id ORDER BY published_at DESC, id DESC LIMIT @max_rows;

-- name: ListPostCardsByGroup :many
-- API, to preview a route: a group's latest posts. Index posts_by_group.
SELECT * FROM post_cards WHERE client_id = @client_id AND group_id = @group_id ORDER BY published_at DESC, id DESC LIMIT @max_rows;

-- name: ListPostCardsByBrand :many
-- API, to preview a route: a brand's latest posts. Index posts_by_brand.
SELECT * FROM post_cards WHERE client_id = @client_id AND brand_id = @brand_id ORDER BY published_at DESC, id DESC LIMIT @max_rows;

-- name: ListPostDeliveries :many
-- API: where a post went, oldest first. Index deliveries_once_by_channel.
SELECT * FROM deliveries
WHERE client_id = @client_id AND post_id = @post_id AND kind IN ('post', 'breakout') AND id > @after_id::uuid
ORDER BY id LIMIT @max_rows;

-- name: LockPost :one
-- API, before a replay, so that two of a post come one after the other; nothing but a replay takes a
-- delivery out of its end. Primary key of posts.
SELECT id FROM posts WHERE client_id = @client_id AND id = @post_id FOR NO KEY UPDATE;

-- name: ReplayDelivery :exec
-- API: puts a delivery that ended at the end of its channel's line. Whether it may have left is kept,
-- so that it is looked for. The line must be locked. Primary key.
UPDATE deliveries d
SET state = 'pending', seq = nextval('delivery_seq'), reason = '', attempts = 0, plain = false, retry_at = NULL, held_until = NULL,
    digest_id = NULL, by_hand = true, channel_id = @channel_id::text, route_id = @route_id, queued_at = clock_timestamp(),
    trail = d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'replayed', 'detail', @detail::text))
WHERE d.client_id = @client_id AND d.id = @id AND d.state IN ('dead', 'skipped');

-- name: CopyDelivery :exec
-- API, when a replay goes to a further channel: the same post there, unless it is there. The line must
-- be locked. Primary key.
INSERT INTO deliveries (client_id, id, kind, route_id, post_id, channel_id, payload, state, by_hand, published_at, detected_at, trail)
SELECT d.client_id, @copy_id::uuid, d.kind, @route_id, d.post_id, @channel_id::text, d.payload, 'pending', true, d.published_at, d.detected_at,
       jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'replayed', 'detail', @detail::text))
FROM deliveries d WHERE d.client_id = @client_id AND d.id = @id
ON CONFLICT DO NOTHING;

-- name: GetReplay :one
-- API: what a key has replayed. Primary key.
SELECT * FROM delivery_replays WHERE client_id = @client_id AND idempotency_key = @idempotency_key;

-- name: InsertReplay :exec
-- API: remembers what a key has replayed.
INSERT INTO delivery_replays (client_id, idempotency_key, post_id, delivery_id, replayed)
VALUES (@client_id, @idempotency_key, @post_id, @delivery_id, @replayed);

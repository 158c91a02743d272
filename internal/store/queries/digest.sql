-- name: HoldDeliveries :execrows
-- Notifier, before it sends from a channel's line: takes out what has to wait. Posts wait for the
-- digest's window once; with all, as in the quiet hours and when the plan's notifications of the day
-- are used up, everything waits but notices, what a manager asked for, and what may have left. No row: the lease is lost, or there is nothing. Index deliveries_by_channel.
UPDATE deliveries d
SET state = 'held', held_until = CASE WHEN d.kind = 'post' THEN @until::timestamptz ELSE @loud::timestamptz END,
    held_version = @version::bigint,
    reason = CASE WHEN d.kind = 'post' THEN @reason::text ELSE @other_reason::text END, retry_at = NULL,
    trail = CASE WHEN jsonb_array_length(d.trail) >= 50 THEN d.trail
                 ELSE d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'held', 'detail', @detail::text)) END
WHERE d.client_id = @client_id AND d.channel_id = @channel_id AND d.state IN ('pending', 'retry')
  AND d.attempted_at IS NULL AND NOT d.by_hand
  AND (@all_kinds::boolean AND d.kind IN ('post', 'breakout', 'digest') OR d.kind = 'post' AND d.held_until IS NULL)
  AND EXISTS (SELECT FROM channel_queues q WHERE q.client_id = d.client_id AND q.channel_id = d.channel_id AND q.lease_token = @lease_token);

-- name: LockLease :one
-- Notifier, before it makes digests: the lease, held until the transaction ends. No row: it is lost. Primary key.
SELECT client_id FROM channel_queues
WHERE client_id = @client_id AND channel_id = @channel_id AND lease_token = @lease_token FOR UPDATE;

-- name: ListRipeDeliveries :many
-- Notifier: what was held for a channel and may leave now, in the order of the line. Index deliveries_held, then primary keys.
SELECT d.id, d.seq, d.kind, d.payload, d.detected_at,
       p.platform, p.kind AS post_kind, p.url, p.title, p.body, p.author_name, p.thumbnail_url, p.published_at,
       coalesce(s.embed_color, '')::text AS embed_color,
       coalesce(r.mention_role_id, s.mention_role_id, '')::text AS mention_role_id
FROM deliveries d
LEFT JOIN posts p ON p.client_id = d.client_id AND p.id = d.post_id
LEFT JOIN routes r ON r.client_id = d.client_id AND r.id = d.route_id
LEFT JOIN guild_settings s ON s.client_id = d.client_id
WHERE d.client_id = @client_id AND d.channel_id = @channel_id
  AND d.state = 'held' AND d.digest_id IS NULL AND d.held_until <= clock_timestamp()
ORDER BY d.seq LIMIT @max_rows;

-- name: ReleaseHeld :execrows
-- Notifier: lets deliveries that were held back into their line, each at its old place. Primary key.
UPDATE deliveries d
SET state = 'pending', reason = '',
    trail = CASE WHEN jsonb_array_length(d.trail) >= 50 THEN d.trail
                 ELSE d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'released', 'detail', '')) END
WHERE d.client_id = @client_id AND d.id = ANY (@ids::uuid[]) AND d.state = 'held';

-- name: InsertDigest :exec
-- Notifier: a message that carries several deliveries, in the line where the first of them stood.
INSERT INTO deliveries (client_id, id, seq, kind, channel_id, payload, state, detected_at, held_until, trail)
VALUES (@client_id, @id, @seq, 'digest', @channel_id, @payload, 'pending', @detected_at, clock_timestamp(),
        jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'queued', 'detail', @detail::text)));

-- name: JoinDigest :execrows
-- Notifier: puts held deliveries into a digest. Primary key.
UPDATE deliveries d
SET digest_id = @digest_id,
    trail = d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'digested', 'detail', @detail::text))
WHERE d.client_id = @client_id AND d.id = ANY (@ids::uuid[]) AND d.state = 'held';

-- name: ListOutdatedHolds :many
-- Notifier, every half minute: tenants whose settings have changed since something was held by them. Index deliveries_held.
SELECT s.client_id, s.timezone, coalesce(s.quiet_hours_start, '')::text AS quiet_start, coalesce(s.quiet_hours_end, '')::text AS quiet_end,
       s.digest, s.version, s.notifications_enabled
FROM guild_settings s
WHERE s.client_id IN (SELECT d.client_id FROM deliveries d JOIN guild_settings g ON g.client_id = d.client_id
                      WHERE d.state = 'held' AND d.digest_id IS NULL AND d.held_version IS DISTINCT FROM g.version);

-- name: RetimeHolds :many
-- Notifier, after a change of settings: what is held by older ones waits as they say now; what has waited long
-- enough stays as it is, and the channels are returned. Index deliveries_held.
UPDATE deliveries d
SET held_version = @version::bigint,
    reason = CASE WHEN d.kind = 'post' THEN @reason::text ELSE 'quiet_hours' END,
    held_until = CASE WHEN d.held_until <= clock_timestamp() THEN d.held_until
                      WHEN d.kind = 'post' THEN @until::timestamptz ELSE @loud::timestamptz END,
    trail = CASE WHEN jsonb_array_length(d.trail) >= 50 THEN d.trail
                 ELSE d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'held', 'detail', @detail::text)) END
WHERE d.client_id = @client_id AND d.state = 'held' AND d.digest_id IS NULL AND coalesce(d.held_version < @version::bigint, true)
RETURNING d.channel_id;

-- name: SkipHolds :execrows
-- Notifier, when notifications were switched off: what is held since before goes nowhere, nor does what a digest carries
-- that is. They may be on again, and what is held by newer settings stays. Indexes deliveries_held, deliveries_by_digest.
UPDATE deliveries d
SET state = 'skipped', reason = 'notifications_off',
    trail = d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'skipped', 'detail', 'notifications were switched off while it was held'))
WHERE d.client_id = @client_id AND d.state = 'held'
  AND (d.digest_id IS NULL AND coalesce(d.held_version <= @version::bigint, true)
       OR d.digest_id IN (SELECT g.id FROM deliveries g WHERE g.client_id = @client_id AND g.kind = 'digest'
                          AND g.state = 'held' AND g.digest_id IS NULL AND coalesce(g.held_version <= @version::bigint, true)));

-- name: WakeChannels :exec
-- Notifier: makes channels due that are not paused, in one order. Primary key of channel_queues.
UPDATE channel_queues q SET due_at = clock_timestamp()
FROM (SELECT w.client_id, w.channel_id FROM channel_queues w
      WHERE w.client_id = @client_id AND w.channel_id = ANY (@channel_ids::text[]) AND w.due_at IS NOT NULL
      ORDER BY w.channel_id FOR UPDATE) woken
WHERE q.client_id = woken.client_id AND q.channel_id = woken.channel_id;

-- name: DropOldReplays :execrows
-- Notifier, every half minute: forgets the keys of replays after a week. Index delivery_replays_by_age.
DELETE FROM delivery_replays WHERE created_at < now() - interval '7 days';

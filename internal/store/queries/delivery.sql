-- name: ListDeliveryRules :many
-- Delivery, once a batch of new posts: the settings of the posts' clients and the routes that
-- aim at one of the posts' accounts, groups or brands. Primary keys of clients, guild_settings, routes.
SELECT c.id AS client_id,
       coalesce(s.notifications_enabled, true)::boolean AS notifications_enabled,
       s.default_channel_id,
       r.id AS route_id, r.account_id, r.group_id, r.brand_id, r.channel_id,
       r.kinds, r.include, r.exclude, r.paused_at
FROM clients c
LEFT JOIN guild_settings s ON s.client_id = c.id
LEFT JOIN routes r ON r.client_id = c.id
    AND (r.account_id = ANY (@account_ids::uuid[]) OR r.group_id = ANY (@group_ids::uuid[]) OR r.brand_id = ANY (@brand_ids::uuid[]))
WHERE c.id = ANY (@client_ids::uuid[])
ORDER BY c.id, r.id;

-- name: LockChannelQueues :exec
-- Delivery, before any insert into deliveries: locks the channels' rows in one order, makes those
-- that are missing and says that there is work, also where the head of the line waits or others are
-- held: the sender looks and finds the time anew. On a leased row the new time tells the holder on
-- release that more has come. A paused channel stays without a time. Primary key of channel_queues.
INSERT INTO channel_queues AS q (client_id, channel_id, due_at)
SELECT w.client_id, w.channel_id, CASE WHEN g.paused_at IS NULL THEN clock_timestamp() END
FROM (SELECT unnest(@client_ids::uuid[]) AS client_id, unnest(@channel_ids::text[]) AS channel_id) w
LEFT JOIN guild_channels g ON g.client_id = w.client_id AND g.id = w.channel_id
ORDER BY w.client_id, w.channel_id
ON CONFLICT (client_id, channel_id) DO UPDATE
SET due_at = CASE WHEN q.lease_token IS NOT NULL THEN clock_timestamp() ELSE excluded.due_at END;

-- name: InsertPostDeliveries :exec
-- Delivery: the outbox rows of new posts, in the order of the arrays, which is the order of seq.
-- The payload keeps what the account was called and looked like, for the sender's role cannot read
-- sources. A skipped row has no channel, so the unique indexes do not cover it and the query does.
-- Both look-ups are sub-selects of single rows, by primary keys and deliveries_once_by_channel's: as joins with
-- arrays, whose length the planner guesses, they would read whole tables.
INSERT INTO deliveries (client_id, id, kind, route_id, post_id, channel_id, payload, state, reason, published_at, detected_at, trace_parent, trail)
SELECT w.client_id, w.id, 'post', nullif(w.route_id, '00000000-0000-0000-0000-000000000000'), w.post_id, nullif(w.channel_id, ''),
       coalesce((SELECT jsonb_build_object('account', coalesce(nullif(o.display_name, ''), o.handle), 'avatarUrl', o.avatar_url)
                 FROM client_accounts a JOIN sources o ON o.id = a.source_id
                 WHERE a.client_id = w.client_id AND a.id = w.account_id LIMIT 1),
                '{"account": "", "avatarUrl": ""}'),
       w.state, w.reason, w.published_at, w.detected_at, sqlc.narg(trace_parent),
       jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', CASE w.state WHEN 'skipped' THEN 'skipped' ELSE 'queued' END, 'detail', w.detail))
FROM (SELECT generate_subscripts(@ids::uuid[], 1) AS place,
             unnest(@client_ids::uuid[]) AS client_id, unnest(@ids::uuid[]) AS id,
             unnest(@route_ids::uuid[]) AS route_id, unnest(@post_ids::uuid[]) AS post_id,
             unnest(@account_ids::uuid[]) AS account_id, unnest(@channel_ids::text[]) AS channel_id,
             unnest(@states::text[]) AS state, unnest(@reasons::text[]) AS reason,
             unnest(@published_at::timestamptz[]) AS published_at, unnest(@detected_at::timestamptz[]) AS detected_at,
             unnest(@details::text[]) AS detail) w
WHERE w.state <> 'skipped'
   OR (SELECT d.id FROM deliveries d WHERE d.client_id = w.client_id AND d.post_id = w.post_id AND d.kind = 'post' LIMIT 1) IS NULL
ORDER BY w.place
ON CONFLICT DO NOTHING;

-- name: InsertNotice :exec
-- Delivery: a message that is no post, once for ever by its key. Unique index deliveries_once_notice.
INSERT INTO deliveries (client_id, id, kind, channel_id, notice_key, payload, state, detected_at, trail)
VALUES (@client_id, @id, 'notice', @channel_id, @notice_key, @payload, 'pending', clock_timestamp(),
        jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'queued', 'detail', 'notice')))
ON CONFLICT DO NOTHING;

-- name: GetNotice :one
-- Delivery, when a state that was alerted of has ended. Unique index deliveries_once_notice.
SELECT id, channel_id FROM deliveries WHERE client_id = @client_id AND notice_key = @notice_key;

-- name: TakeBackNotice :execrows
-- Delivery: an alert that has not left is not sent any more, for what it tells is over. The line must be locked. Primary key.
UPDATE deliveries SET state = 'skipped', reason = 'recovered', retry_at = NULL,
    trail = trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'skipped', 'detail', 'it was over before it was told'))
WHERE client_id = @client_id AND id = @id AND state IN ('pending', 'retry') AND attempted_at IS NULL;

-- name: ClaimChannels :many
-- Notifier: leases due channels, fair between tenants. A channel's turn is its place among its
-- tenant's waiting channels (longest unserved first) after those of the tenant that are being
-- served, so one more channel of a busy tenant comes after the first of an idle one; between
-- equals the tenant that was served longest ago is first. Index channel_queues_due; the scan is
-- over the due channels, and a leased row stays due so that its tenant's share is counted.
-- (An index cannot be searched by clock_timestamp(), which is volatile.) has_ripe: something held
-- may leave now, index deliveries_held.
WITH due AS (
    SELECT q.client_id, q.channel_id, q.served_at,
           coalesce(q.lease_until > clock_timestamp(), false) AS busy
    FROM channel_queues q
    JOIN clients c ON c.id = q.client_id AND c.active AND c.unavailable_since IS NULL
    LEFT JOIN guild_channels g ON g.client_id = q.client_id AND g.id = q.channel_id
    WHERE q.due_at <= now() AND g.paused_at IS NULL
), ranked AS (
    SELECT d.client_id, d.channel_id, d.served_at, d.busy,
           row_number() OVER (PARTITION BY d.client_id, d.busy ORDER BY d.served_at)
               + count(*) FILTER (WHERE d.busy) OVER (PARTITION BY d.client_id) AS turn,
           max(d.served_at) OVER (PARTITION BY d.client_id) AS client_served_at
    FROM due d
), picked AS MATERIALIZED (
    -- More than the slots, for other notifiers may be taking the first ones just now.
    SELECT r.client_id, r.channel_id, row_number() OVER (ORDER BY r.turn, r.client_served_at, r.served_at) AS place
    FROM ranked r
    WHERE NOT r.busy AND r.turn <= @per_client::bigint
    ORDER BY place
    LIMIT 4 * @slots::int
), chosen AS (
    SELECT q.client_id, q.channel_id
    FROM picked
    JOIN channel_queues q ON q.client_id = picked.client_id AND q.channel_id = picked.channel_id
    WHERE q.due_at <= now() AND (q.lease_until IS NULL OR q.lease_until <= clock_timestamp())
    ORDER BY picked.place
    LIMIT @slots::int
    FOR UPDATE OF q SKIP LOCKED
)
UPDATE channel_queues q
SET lease_token = @lease_token, lease_until = clock_timestamp() + make_interval(secs => @lease_seconds), served_at = clock_timestamp()
FROM chosen
WHERE q.client_id = chosen.client_id AND q.channel_id = chosen.channel_id
RETURNING q.client_id, q.channel_id, q.due_at,
    EXISTS (SELECT FROM deliveries d WHERE d.client_id = q.client_id AND d.channel_id = q.channel_id
            AND d.state = 'held' AND d.digest_id IS NULL AND d.held_until <= clock_timestamp()) AS has_ripe;

-- name: ListQueuedDeliveries :many
-- Notifier, after a claim: the head of each leased channel's line with all that its message is
-- made of, and until when a post that comes before it is held ('epoch': none is). A statement of its own, so that its
-- snapshot is younger than the lease. Index deliveries_by_channel, then deliveries_held and primary keys.
SELECT d.client_id, d.channel_id, d.id, d.kind, d.state, d.attempts, d.plain, d.attempted_at, d.payload,
       (d.retry_at IS NULL OR d.retry_at <= clock_timestamp())::boolean AS due, d.held_until, d.by_hand, d.detected_at, d.trace_parent,
       coalesce(s.timezone, '')::text AS timezone, coalesce(s.quiet_hours_start, '')::text AS quiet_start,
       coalesce(s.quiet_hours_end, '')::text AS quiet_end, coalesce(s.digest, 'off')::text AS digest, coalesce(s.version, 0)::bigint AS version,
       coalesce(r.template, '')::text AS template,
       (coalesce(b.notifications_per_day, 2147483647) - coalesce(u.notifications_sent, 0))::bigint AS left_today,
       coalesce(h.held_until, 'epoch')::timestamptz AS behind_until, coalesce(h.reason, '')::text AS behind_reason, coalesce(h.held_version, 0)::bigint AS behind_version,
       p.platform, p.kind AS post_kind, p.url, p.title, p.body, p.author_name, p.thumbnail_url, p.published_at,
       coalesce(s.embed_color, '')::text AS embed_color,
       coalesce(r.mention_role_id, s.mention_role_id, '')::text AS mention_role_id
FROM (SELECT unnest(@client_ids::uuid[]) AS client_id, unnest(@channel_ids::text[]) AS channel_id) q
CROSS JOIN LATERAL (
    SELECT * FROM deliveries
    WHERE deliveries.client_id = q.client_id AND deliveries.channel_id = q.channel_id
      AND deliveries.state IN ('pending', 'sending', 'retry')
    ORDER BY deliveries.seq LIMIT @per_channel
) d
LEFT JOIN LATERAL (
    SELECT e.held_until, e.reason, e.held_version FROM deliveries e
    WHERE d.kind = 'post' AND e.client_id = d.client_id AND e.channel_id = d.channel_id AND e.seq < d.seq AND e.kind = 'post'
      AND e.state = 'held' AND e.digest_id IS NULL
    ORDER BY e.held_until DESC LIMIT 1
) h ON true
LEFT JOIN posts p ON p.client_id = d.client_id AND p.id = d.post_id
LEFT JOIN routes r ON r.client_id = d.client_id AND r.id = d.route_id
LEFT JOIN guild_settings s ON s.client_id = d.client_id
LEFT JOIN entitlements b ON b.client_id = d.client_id
LEFT JOIN usage_daily u ON u.client_id = d.client_id AND u.day = (clock_timestamp() AT TIME ZONE 'UTC')::date
ORDER BY d.client_id, d.channel_id, d.seq;

-- name: MarkSending :one
-- Notifier, before a message may leave: renews the lease, counts the message against the plan's number of the day, once
-- for all its tries, and marks the delivery. No row: the lease or the delivery is no longer what was claimed, or the tenant is
-- not active any more, and nothing may be sent. Without a time the number is used up, which the row's lock orders. The delivery
-- is locked before anything is counted: it may have been taken back while the line was waited for. Primary keys.
WITH lease AS (
    UPDATE channel_queues q
    SET lease_until = clock_timestamp() + make_interval(secs => @lease_seconds)
    WHERE q.client_id = @client_id AND q.channel_id = @channel_id AND q.lease_token = @lease_token
      AND EXISTS (SELECT FROM clients c WHERE c.id = q.client_id AND c.active)
      AND EXISTS (SELECT FROM deliveries x WHERE x.client_id = q.client_id AND x.id = @id
                  AND x.state = @state AND x.attempted_at IS NOT DISTINCT FROM sqlc.narg(attempted_at))
    RETURNING q.client_id
), mine AS (
    SELECT x.client_id, x.counted_on FROM lease l JOIN deliveries x ON x.client_id = l.client_id
    WHERE x.id = @id AND x.state = @state AND x.attempted_at IS NOT DISTINCT FROM sqlc.narg(attempted_at)
    FOR NO KEY UPDATE OF x
), plan AS (
    SELECT l.client_id, l.counted_on, CASE WHEN @unlimited::boolean THEN 2147483647
                             ELSE coalesce((SELECT e.notifications_per_day FROM entitlements e WHERE e.client_id = l.client_id), 2147483647) END AS most
    FROM mine l
), slot AS (
    INSERT INTO usage_daily AS u (client_id, day, notifications_sent)
    SELECT p.client_id, (clock_timestamp() AT TIME ZONE 'UTC')::date, 1 FROM plan p
    WHERE @metered::boolean AND p.most > 0 AND p.counted_on IS NULL
    ON CONFLICT (client_id, day) DO UPDATE SET notifications_sent = u.notifications_sent + 1
    WHERE u.notifications_sent < (SELECT p.most FROM plan p)
    RETURNING u.day, u.notifications_sent
), marked AS (
    UPDATE deliveries d
    SET state = 'sending', attempted_at = coalesce(d.attempted_at, clock_timestamp()), counted_on = coalesce(d.counted_on, (SELECT s.day FROM slot s))
    FROM mine
    WHERE d.client_id = mine.client_id AND d.id = @id
      AND d.state = @state AND d.attempted_at IS NOT DISTINCT FROM sqlc.narg(attempted_at)
      AND (NOT @metered::boolean OR d.counted_on IS NOT NULL OR EXISTS (SELECT FROM slot))
    RETURNING d.attempted_at
)
SELECT (SELECT m.attempted_at FROM marked m) AS attempted_at, coalesce((SELECT s.notifications_sent FROM slot s), 0)::bigint AS sent_today, p.most::bigint AS most
FROM plan p;

-- name: RecordSent :execrows
-- Notifier, after a message was accepted (or found): the end of the delivery, and its count if it left before messages
-- were counted beforehand; what it carries as a digest ends with it. No row: the lease is lost. A notice is not
-- counted. It takes no lock on the channel's row, which a writer of posts may hold while it waits
-- for the day's usage row. Primary keys, deliveries_by_digest.
WITH sent AS (
    UPDATE deliveries d
    SET state = 'sent', reason = '', retry_at = NULL, message_id = @message_id, delivered_at = clock_timestamp(),
        trail = d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', @event::text, 'detail', @detail::text))
    WHERE d.client_id = @client_id AND d.id = @id AND d.state = 'sending'
      AND EXISTS (SELECT FROM channel_queues q
                  WHERE q.client_id = d.client_id AND q.channel_id = d.channel_id AND q.lease_token = @lease_token)
    RETURNING d.client_id, d.id, d.kind, d.counted_on
), carried AS (
    UPDATE deliveries d
    SET state = 'sent', reason = '', message_id = @message_id, delivered_at = clock_timestamp(),
        trail = d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', @event::text, 'detail', @detail::text))
    FROM sent
    WHERE sent.kind = 'digest' AND d.client_id = sent.client_id AND d.digest_id = sent.id AND d.state = 'held'
)
INSERT INTO usage_daily AS u (client_id, day, notifications_sent)
SELECT client_id, (clock_timestamp() AT TIME ZONE 'UTC')::date, (kind <> 'notice' AND counted_on IS NULL)::int FROM sent
ON CONFLICT (client_id, day) DO UPDATE SET notifications_sent = u.notifications_sent + excluded.notifications_sent;

-- name: RecordFailure :execrows
-- Notifier, after a message was not accepted: what becomes of the delivery. A wait of less than
-- zero means none; the trail of a delivery that fails on and on stops at 50 entries, and an empty
-- event adds none. What a digest carries dies with it, and what was
-- counted is given back. No row: the lease is lost. Primary keys,
-- deliveries_by_digest.
WITH carried AS (
    UPDATE deliveries d
    SET state = 'dead', reason = @reason,
        trail = d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', @event::text, 'detail', @detail::text))
    FROM deliveries digest
    JOIN channel_queues q ON q.client_id = digest.client_id AND q.channel_id = digest.channel_id AND q.lease_token = @lease_token
    WHERE @state::text = 'dead' AND digest.client_id = @client_id AND digest.id = @id AND digest.kind = 'digest' AND digest.state = 'sending'
      AND d.client_id = digest.client_id AND d.digest_id = digest.id AND d.state = 'held'
), given_back AS (
    UPDATE usage_daily u SET notifications_sent = greatest(u.notifications_sent - 1, 0)
    FROM deliveries x
    JOIN channel_queues q ON q.client_id = x.client_id AND q.channel_id = x.channel_id AND q.lease_token = @lease_token
    WHERE @state::text = 'dead' AND x.client_id = @client_id AND x.id = @id AND x.state = 'sending'
      AND u.client_id = x.client_id AND u.day = x.counted_on
)
UPDATE deliveries d
SET counted_on = CASE WHEN @state::text = 'dead' THEN NULL ELSE d.counted_on END, state = @state, reason = @reason, attempts = @attempts, plain = @plain,
    attempted_at = sqlc.narg(attempted_at),
    retry_at = CASE WHEN @wait_seconds::double precision >= 0 THEN clock_timestamp() + make_interval(secs => @wait_seconds) END,
    trail = CASE WHEN @event::text = '' OR jsonb_array_length(d.trail) >= 50 THEN d.trail
                 ELSE d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', @event::text, 'detail', @detail::text)) END
WHERE d.client_id = @client_id AND d.id = @id AND d.state = 'sending'
  AND EXISTS (SELECT FROM channel_queues q
              WHERE q.client_id = d.client_id AND q.channel_id = d.channel_id AND q.lease_token = @lease_token);

-- name: ReleaseChannel :exec
-- Notifier: gives a channel back, due when the head of its line is or the first that is held for it. The sub-selects may be older
-- than a lock this statement waited for; whoever enqueued in that time has changed due_at, which
-- is read again after the wait, and then the channel is due at once. Primary key, deliveries_by_channel, deliveries_held.
UPDATE channel_queues q
SET lease_token = NULL, lease_until = NULL,
    due_at = CASE
        WHEN EXISTS (SELECT FROM guild_channels g WHERE g.client_id = q.client_id AND g.id = q.channel_id AND g.paused_at IS NOT NULL) THEN NULL
        WHEN q.due_at IS DISTINCT FROM @claimed_due_at::timestamptz THEN clock_timestamp()
        ELSE least((SELECT coalesce(d.retry_at, clock_timestamp()) FROM deliveries d
                    WHERE d.client_id = q.client_id AND d.channel_id = q.channel_id AND d.state IN ('pending', 'sending', 'retry')
                    ORDER BY d.seq LIMIT 1),
                   (SELECT min(d.held_until) FROM deliveries d
                    WHERE d.client_id = q.client_id AND d.channel_id = q.channel_id AND d.state = 'held' AND d.digest_id IS NULL)) END
WHERE q.client_id = @client_id AND q.channel_id = @channel_id AND q.lease_token = @lease_token;

-- name: PauseChannel :one
-- Notifier, when Discord refuses the channel for good: pauses it unless it is paused already.
-- No row: the bot does not know the channel. Primary key of guild_channels.
UPDATE guild_channels
SET paused_at = coalesce(paused_at, now()), paused_reason = CASE WHEN paused_at IS NULL THEN @reason::text ELSE paused_reason END
WHERE client_id = @client_id AND id = @channel_id
RETURNING name, paused_at::timestamptz AS paused_at, (paused_at = now())::boolean AS newly;

-- name: PickNoticeChannel :one
-- Notifier, to tell a manager that a channel is paused: another channel that works, the default
-- one before the guild's system channel. No row: there is none. Primary keys.
SELECT g.id
FROM clients c
LEFT JOIN guild_settings s ON s.client_id = c.id
JOIN guild_channels g ON g.client_id = c.id AND g.id IN (s.default_channel_id, c.system_channel_id)
WHERE c.id = @client_id AND g.id <> @except_channel_id AND g.can_send AND g.paused_at IS NULL
ORDER BY (g.id = s.default_channel_id) DESC NULLS LAST
LIMIT 1;

-- name: UnpauseChannel :one
-- Delivery, when a channel is resumed by a manager or the bot. No row: it was not paused. Primary key of guild_channels.
UPDATE guild_channels g SET paused_at = NULL, paused_reason = NULL
FROM (SELECT w.client_id, w.id, w.name, w.paused_at FROM guild_channels w
      WHERE w.client_id = @client_id AND w.id = @channel_id AND w.paused_at IS NOT NULL FOR UPDATE) was
WHERE g.client_id = was.client_id AND g.id = was.id
RETURNING was.name, was.paused_at;

-- name: LockQueuesOfClient :many
-- Delivery, before it changes what waits in any line of a tenant: its channels, held in the order that everybody keeps.
-- Primary key.
SELECT channel_id FROM channel_queues WHERE client_id = @client_id ORDER BY channel_id FOR UPDATE;

-- name: ExpireDeliveries :execrows
-- Delivery, for channels that are resumed: what has waited for more than a day is no news any
-- more; what was held counts from its end, and what a digest carries goes with it. A message that
-- may have left stays, to be looked for. Indexes deliveries_by_channel, deliveries_held, deliveries_by_digest.
WITH expired AS (
    UPDATE deliveries d
    SET state = 'skipped', reason = 'expired', retry_at = NULL,
        trail = d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'expired', 'detail', 'waited for more than a day'))
    FROM (SELECT unnest(@client_ids::uuid[]) AS client_id, unnest(@channel_ids::text[]) AS channel_id) w
    WHERE d.client_id = w.client_id AND d.channel_id = w.channel_id
      AND (d.state IN ('pending', 'retry') OR d.state = 'held' AND d.digest_id IS NULL) AND d.attempted_at IS NULL
      AND greatest(d.queued_at, d.held_until) < clock_timestamp() - interval '24 hours'
    RETURNING d.client_id, d.id, d.kind
)
UPDATE deliveries d
SET state = 'skipped', reason = 'expired',
    trail = d.trail || jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'expired', 'detail', 'waited for more than a day'))
FROM expired
WHERE expired.kind = 'digest' AND d.client_id = expired.client_id AND d.digest_id = expired.id AND d.state = 'held';

-- name: ParkChannelQueues :execrows
-- Notifier, every half minute: takes channels that may not be served out of the way of the claim.
-- Index channel_queues_due.
UPDATE channel_queues q SET due_at = NULL
FROM (SELECT w.client_id, w.channel_id FROM channel_queues w
      WHERE w.due_at <= now() AND (w.lease_until IS NULL OR w.lease_until <= clock_timestamp())
        AND (EXISTS (SELECT FROM clients c WHERE c.id = w.client_id AND NOT c.active)
          OR EXISTS (SELECT FROM guild_channels g WHERE g.client_id = w.client_id AND g.id = w.channel_id AND g.paused_at IS NOT NULL))
      FOR UPDATE OF w SKIP LOCKED) idle
WHERE q.client_id = idle.client_id AND q.channel_id = idle.channel_id;

-- name: WakeChannelQueues :many
-- Notifier, every half minute: makes channels due that have work, may be served and have no time,
-- whoever resumed them. Driven by the outstanding rows of indexes deliveries_by_channel and deliveries_held.
UPDATE channel_queues q SET due_at = clock_timestamp()
FROM (SELECT w.client_id, w.channel_id
      FROM (SELECT d.client_id, d.channel_id FROM deliveries d WHERE d.state IN ('pending', 'sending', 'retry')
            UNION SELECT d.client_id, d.channel_id FROM deliveries d WHERE d.state = 'held' AND d.digest_id IS NULL) open
      JOIN channel_queues w ON w.client_id = open.client_id AND w.channel_id = open.channel_id
      JOIN clients c ON c.id = w.client_id AND c.active
      WHERE w.due_at IS NULL
        AND NOT EXISTS (SELECT FROM guild_channels g WHERE g.client_id = w.client_id AND g.id = w.channel_id AND g.paused_at IS NOT NULL)
      FOR UPDATE OF w SKIP LOCKED) woken
WHERE q.client_id = woken.client_id AND q.channel_id = woken.channel_id
RETURNING q.client_id, q.channel_id;

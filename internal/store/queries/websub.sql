-- name: ListSourcesWithoutPush :many
-- Worker: tracked sources of a platform with push, or that name a hub, that have no subscription yet. Index sources_with_push.
SELECT s.id, s.platform, s.external_id, s.hub_url, s.topic_url FROM sources s
WHERE (s.platform = 'youtube' OR s.hub_url <> '') AND s.next_poll_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM websub_subscriptions w WHERE w.source_id = s.id)
ORDER BY s.id LIMIT @max_rows;

-- name: InsertSubscription :exec
-- Worker: a subscription that the hub is to be asked for now. Unique source_id: another worker may have been first.
INSERT INTO websub_subscriptions (id, source_id, token, secret, hub_url, topic_url, state)
VALUES (@id, @source_id, @token, @secret, @hub_url, @topic_url, 'pending')
ON CONFLICT (source_id) DO NOTHING;

-- name: ReviewSubscriptions :exec
-- Worker: subscriptions follow what is tracked: of a source that nobody tracks any more, or whose feed names no hub any
-- more, it is ended; of one that is tracked again it is asked for anew, as where the feed names another hub; one whose
-- lease has run out is asked for at once. A row a channel.
UPDATE websub_subscriptions w SET
    mode = CASE WHEN s.next_poll_at IS NULL OR s.platform <> 'youtube' AND s.hub_url = '' THEN 'unsubscribe' ELSE 'subscribe' END,
    hub_url = CASE WHEN s.hub_url <> '' THEN s.hub_url ELSE w.hub_url END,
    topic_url = CASE WHEN s.hub_url <> '' THEN s.topic_url ELSE w.topic_url END,
    state = CASE
        WHEN s.hub_url <> '' AND (s.hub_url, s.topic_url) <> (w.hub_url, w.topic_url) THEN 'pending'
        WHEN w.state = 'denied' THEN 'denied'
        WHEN s.next_poll_at IS NULL OR s.platform <> 'youtube' AND s.hub_url = '' THEN w.state
        WHEN w.mode = 'unsubscribe' THEN 'pending' ELSE 'expired' END,
    failures = 0, pending_until = NULL, next_action_at = clock_timestamp()
FROM sources s
WHERE s.id = w.source_id
  AND ((s.next_poll_at IS NULL OR s.platform <> 'youtube' AND s.hub_url = '') <> (w.mode = 'unsubscribe')
    OR s.hub_url <> '' AND w.mode = 'subscribe' AND (s.hub_url, s.topic_url) <> (w.hub_url, w.topic_url)
    OR w.mode = 'subscribe' AND w.state = 'active' AND w.lease_until < clock_timestamp());

-- name: DeleteEndedSubscriptions :exec
-- Worker: those that the hub has ended, never had, or does not end after three requests. A row a channel.
DELETE FROM websub_subscriptions WHERE mode = 'unsubscribe' AND (state <> 'active' OR failures >= 3);

-- name: ClaimSubscriptions :many
-- Worker: what to ask of hubs now. It counts as failed until the hub verifies it, since hubs fail silently: asked
-- again after ten minutes, then twice as long each time, at most twelve hours. The answer may come before the
-- request is over, so it is awaited from now on. Index websub_due.
UPDATE websub_subscriptions SET
    failures = failures + 1, pending_until = clock_timestamp() + interval '1 hour',
    next_action_at = clock_timestamp() + least(interval '10 minutes' * power(2, least(failures, 10)), interval '12 hours')
WHERE id = ANY (ARRAY(
    SELECT w.id FROM websub_subscriptions w WHERE w.next_action_at <= clock_timestamp()
    ORDER BY w.next_action_at LIMIT @max_rows FOR UPDATE SKIP LOCKED))
RETURNING *;

-- name: NoteSubscriptionRefused :exec
-- Worker: the hub did not take the request; it is asked again at the time the claim has set. Primary key.
UPDATE websub_subscriptions SET reason = @reason WHERE id = @id;

-- name: GetSubscription :one
-- API: whom a hub speaks of. Unique token.
SELECT * FROM websub_subscriptions WHERE token = @token;

-- name: ActivateSubscription :execrows
-- API: the hub verifies a subscription that was asked for; it may do so again while the request is pending. Unique token.
UPDATE websub_subscriptions SET
    state = 'active', failures = 0, reason = '', updated_at = clock_timestamp(),
    lease_until = clock_timestamp() + make_interval(secs => @lease_seconds::float8),
    next_action_at = clock_timestamp() + make_interval(secs => @renew_seconds::float8)
WHERE token = @token AND topic_url = @topic_url AND mode = 'subscribe' AND pending_until > clock_timestamp();

-- name: EndSubscription :execrows
-- API: the hub verifies that a subscription is to end; the worker deletes it. Unique token.
UPDATE websub_subscriptions SET state = 'expired', lease_until = NULL, next_action_at = NULL, updated_at = clock_timestamp()
WHERE token = @token AND topic_url = @topic_url AND mode = 'unsubscribe' AND pending_until > clock_timestamp();

-- name: DenySubscription :execrows
-- API: the hub refuses a subscription, or ends one it had granted; it is asked again a day later. Unique token.
UPDATE websub_subscriptions SET
    state = 'denied', reason = @reason, lease_until = NULL, pending_until = NULL,
    next_action_at = clock_timestamp() + interval '1 day', updated_at = clock_timestamp()
WHERE token = @token AND topic_url = @topic_url;

-- name: NotePush :exec
-- API: a genuine push makes its source due now. A poll under way may have read the feed before the change, so it is
-- not recorded. A push right behind another waits two seconds, half a minute where the hub is one that a feed names,
-- and leaves a poll under way alone, so that pushes in numbers can neither keep a source from being polled nor have
-- it polled all the time; a later look covers what that poll may miss. Primary keys.
WITH sub AS (
    SELECT w.id, w.source_id, gap.pause, coalesce(w.pushed_at < now() - gap.pause, true) AS is_first
    FROM websub_subscriptions w JOIN sources o ON o.id = w.source_id
    CROSS JOIN LATERAL (SELECT CASE o.platform WHEN 'youtube' THEN interval '2 seconds' ELSE interval '30 seconds' END AS pause) gap
    WHERE w.id = @id FOR UPDATE OF w
), noted AS (
    UPDATE websub_subscriptions w SET pushed_at = now(),
        look_again_at = now() + CASE WHEN sub.is_first THEN interval '1 minute' ELSE sub.pause + interval '3 seconds' END
    FROM sub WHERE w.id = sub.id
)
UPDATE sources s SET lease_token = NULL,
    next_poll_at = CASE WHEN sub.is_first THEN now() ELSE least(s.next_poll_at, now() + sub.pause) END
FROM sub WHERE s.id = sub.source_id AND s.next_poll_at IS NOT NULL AND (sub.is_first OR s.lease_token IS NULL);

-- name: LookAgainAfterPush :execrows
-- Worker: a feed that showed nothing new after a push is polled 1, 5 and 16 minutes after it (YouTube lets caches keep
-- its feeds for 15 minutes); a source that backs off keeps its wait. Locked in order, as everyone does. Index
-- websub_look_again.
WITH due AS (
    SELECT w.id, w.source_id, w.pushed_at FROM websub_subscriptions w
    WHERE w.look_again_at <= clock_timestamp() ORDER BY w.look_again_at LIMIT @max_rows FOR UPDATE SKIP LOCKED
), moved AS (
    UPDATE websub_subscriptions w SET look_again_at = CASE
        WHEN due.pushed_at > clock_timestamp() - interval '4 minutes' THEN due.pushed_at + interval '5 minutes'
        WHEN due.pushed_at > clock_timestamp() - interval '15 minutes' THEN due.pushed_at + interval '16 minutes' END
    FROM due WHERE w.id = due.id
)
UPDATE sources SET next_poll_at = clock_timestamp()
FROM (
    SELECT s.id FROM due JOIN sources s ON s.id = due.source_id
    WHERE s.next_poll_at > clock_timestamp() AND s.failures = 0 AND s.lease_token IS NULL
      AND NOT EXISTS (SELECT FROM source_posts p WHERE p.source_id = s.id AND p.first_seen_at >= due.pushed_at)
    ORDER BY s.id FOR NO KEY UPDATE OF s
) quiet WHERE sources.id = quiet.id;

-- name: SpendQuota :one
-- API, bot and worker: takes units of a platform's budget of today, which ends at midnight in its time zone; no row
-- when fewer are left. Primary key.
INSERT INTO api_quotas AS q (platform, day, used)
SELECT @platform, (clock_timestamp() AT TIME ZONE @zone::text)::date, @units::int WHERE @units::int <= @most::int
ON CONFLICT (platform, day) DO UPDATE SET used = q.used + excluded.used WHERE q.used + excluded.used <= @most::int
RETURNING q.used;

-- name: ExhaustQuota :exec
-- API, bot and worker: the platform says that nothing is left of today's budget. Primary key.
INSERT INTO api_quotas AS q (platform, day, used)
VALUES (@platform, (clock_timestamp() AT TIME ZONE @zone::text)::date, @used)
ON CONFLICT (platform, day) DO UPDATE SET used = greatest(q.used, excluded.used);

-- name: TryLock :one
-- Worker: one process at a time watches; the lock ends with the transaction.
SELECT pg_try_advisory_xact_lock(@key::bigint);

-- name: ListSuspectHosts :many
-- Worker: hosts of which several accounts began to fail of late, with the latest outcomes of all accounts
-- there in three windows. Indexes sources_failing, sources_by_host.
WITH suspects AS (
    SELECT platform, host FROM sources
    WHERE failing_since > @long_ago::timestamptz AND next_poll_at IS NOT NULL AND failure_kind = ANY (@kinds::text[])
    GROUP BY platform, host HAVING count(*) >= 2
)
SELECT s.platform, s.host, count(*) AS sources,
       count(*) FILTER (WHERE s.failing_since > @just_now::timestamptz AND s.failure_kind = ANY (@kinds::text[])) AS failing_now,
       count(*) FILTER (WHERE s.failing_since IS NULL AND s.last_polled_at > @just_now::timestamptz) AS ok_now,
       count(*) FILTER (WHERE s.failing_since > @of_late::timestamptz AND s.failure_kind = ANY (@kinds::text[])) AS failing_of_late,
       count(*) FILTER (WHERE s.failing_since IS NULL AND s.last_polled_at > @of_late::timestamptz) AS ok_of_late,
       count(*) FILTER (WHERE s.failing_since > @long_ago::timestamptz AND s.failure_kind = ANY (@kinds::text[])) AS failing_long,
       count(*) FILTER (WHERE s.failing_since IS NULL AND s.last_polled_at > @long_ago::timestamptz) AS ok_long
FROM sources s JOIN suspects x ON x.platform = s.platform AND x.host = s.host
WHERE s.next_poll_at IS NOT NULL
GROUP BY s.platform, s.host;

-- name: ListSuspectPlatforms :many
-- Worker: platforms of many hosts that stopped answering on several of them at once, which may be the
-- network's fault or ours. Index sources_failing.
SELECT platform, count(*) AS failing FROM sources
WHERE failing_since > @just_now::timestamptz AND next_poll_at IS NOT NULL AND failure_kind = 'transient'
GROUP BY platform HAVING count(*) >= @min_sources::bigint AND count(DISTINCT host) >= @min_hosts::bigint;

-- name: CountAnswering :one
-- Worker: whether at least so many accounts of a platform answered of late. Index sources_by_host; a well
-- platform is known after a few rows.
SELECT count(*) FROM (
    SELECT FROM sources
    WHERE platform = @platform AND next_poll_at IS NOT NULL AND failing_since IS NULL AND last_polled_at > @since::timestamptz
    LIMIT @enough::bigint
) s;

-- name: ListOpenIncidents :many
-- Worker: what is held to be down. Index platform_incidents_open.
SELECT * FROM platform_incidents WHERE ended_at IS NULL ORDER BY started_at;

-- name: ReopenIncident :execrows
-- Worker: an incident that is back before its end was told is the same one. Index platform_incidents_by_end.
UPDATE platform_incidents SET ended_at = NULL
WHERE id = (SELECT i.id FROM platform_incidents i
            WHERE i.platform = @platform AND i.host = @host AND i.ended_at > @since::timestamptz AND i.end_told_at IS NULL
            ORDER BY i.ended_at DESC LIMIT 1);

-- name: OpenIncident :exec
-- Worker. Unique index platform_incidents_open.
INSERT INTO platform_incidents (id, platform, host, started_at) VALUES (@id, @platform, @host, @started_at) ON CONFLICT DO NOTHING;

-- name: EndIncident :exec
-- Worker. Primary key.
UPDATE platform_incidents SET ended_at = @ended_at::timestamptz WHERE id = @id;

-- name: HoldSources :execrows
-- Worker: takes the blame of an incident from accounts that began to fail with it, locked in the order that
-- everyone keeps. Index sources_by_host.
WITH t AS (SELECT @at::timestamptz AS now, @retry_until::timestamptz AS until
), hit AS (
    SELECT s.id FROM sources s
    WHERE s.platform = @platform AND (s.host = @host OR @host = '') AND s.next_poll_at IS NOT NULL
      AND s.failing_since > @since::timestamptz AND s.failure_kind = ANY (@kinds::text[]) AND s.state NOT IN ('incident', 'gone')
    ORDER BY s.id FOR NO KEY UPDATE
)
UPDATE sources SET
    state = 'incident', state_since = t.now, state_reason = @reason, failures = 1, gone_since = NULL, gone_answers = 0,
    next_poll_at = CASE WHEN lease_token IS NOT NULL THEN next_poll_at
        ELSE greatest(least(next_poll_at, t.now + random() * (t.until - t.now)), hold_until) END
FROM t, hit WHERE sources.id = hit.id;

-- name: CountIncident :one
-- Worker: how many accounts an incident holds and how many have answered since the last failure of one. Index sources_by_host.
SELECT count(*) FILTER (WHERE s.state = 'incident') AS held,
       count(*) FILTER (WHERE s.state <> 'incident' AND s.failing_since IS NULL AND s.state_since >= @started_at::timestamptz
                          AND s.last_polled_at > coalesce(f.latest, '-infinity')) AS recovered
FROM sources s CROSS JOIN (
    SELECT max(h.failed_at) AS latest FROM sources h
    WHERE h.platform = @platform AND (h.host = @host OR @host = '') AND h.next_poll_at IS NOT NULL AND h.state = 'incident'
) f
WHERE s.platform = @platform AND (s.host = @host OR @host = '') AND s.next_poll_at IS NOT NULL;

-- name: ReleaseSources :execrows
-- Worker: the incident is over; its accounts catch up soon, but not all at once. Index sources_by_host.
WITH t AS (SELECT @at::timestamptz AS now, @spread_until::timestamptz AS until
), held AS (
    SELECT s.id FROM sources s
    WHERE s.platform = @platform AND (s.host = @host OR @host = '') AND s.next_poll_at IS NOT NULL AND s.state = 'incident'
    ORDER BY s.id FOR NO KEY UPDATE
)
UPDATE sources SET
    state = CASE WHEN last_polled_at IS NULL THEN 'learning' ELSE 'ok' END, state_since = t.now, state_reason = '',
    failures = 0, failing_since = NULL, failed_at = NULL, failure_kind = '',
    next_poll_at = CASE WHEN lease_token IS NOT NULL THEN next_poll_at
        ELSE greatest(t.now + random() * (t.until - t.now), hold_until) END
FROM t, held WHERE sources.id = held.id;

-- name: BlameSources :execrows
-- Worker: a small host that is down for days is no passing trouble any more. Index sources_by_host.
WITH held AS (
    SELECT s.id FROM sources s
    WHERE s.platform = @platform AND (s.host = @host OR @host = '') AND s.next_poll_at IS NOT NULL AND s.state = 'incident'
    ORDER BY s.id FOR NO KEY UPDATE
)
UPDATE sources SET state = 'failing', state_since = @at::timestamptz, state_reason = @reason
FROM held WHERE sources.id = held.id;

-- name: CountOpenIncidents :many
-- Worker, for metrics. Index platform_incidents_open.
SELECT platform, count(*) AS incidents FROM platform_incidents WHERE ended_at IS NULL GROUP BY platform;

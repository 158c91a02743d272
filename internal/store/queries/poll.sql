-- name: ClaimSources :many
-- Worker: the next due sources, a few of every lane, so that a tenant with many due sources does
-- not delay the others. Index sources_due, one probe a lane; the lanes start at a random one.
-- The lease is next_poll_at itself: a source whose poller dies is due again when it ends.
WITH due AS (
    SELECT s.id, s.next_poll_at
    FROM generate_series(0, 255) AS step
    CROSS JOIN LATERAL (
        SELECT id, next_poll_at FROM sources
        WHERE lane = ((step + @first_lane::int) % 256)::smallint AND next_poll_at <= @at::timestamptz
        ORDER BY next_poll_at
        LIMIT @per_lane::int
        FOR UPDATE SKIP LOCKED
    ) s
    LIMIT @max_sources::int
)
UPDATE sources SET next_poll_at = @lease_until::timestamptz, lease_token = @lease_token::uuid
WHERE sources.id = ANY (ARRAY(SELECT id FROM due)) -- an array makes the planner expect few rows, whatever the limits say
RETURNING sources.*, (SELECT d.next_poll_at FROM due d WHERE d.id = sources.id)::timestamptz AS due_at;

-- name: ListPollTerms :many
-- Worker, after a claim: for whom and on which terms the sources are polled. A statement of its own, so that its snapshot
-- is younger than the leases: the claim may lease a source as somebody has just begun to track it, without seeing who.
-- Whoever comes later takes the lease away. Indexes client_accounts_by_source, platform_incidents_open.
SELECT s.id, EXISTS (
    SELECT FROM client_accounts a JOIN clients c ON c.id = a.client_id AND c.active
    WHERE a.source_id = s.id AND a.baseline_at IS NULL AND a.paused IS NULL
) AS needs_baseline, EXISTS (
    SELECT FROM platform_incidents i
    WHERE i.platform = s.platform AND i.host IN ('', s.host) AND i.ended_at IS NULL
) AS in_incident, (
    SELECT coalesce(min(e.min_poll_seconds), 0) FROM client_accounts a
    JOIN clients c ON c.id = a.client_id AND c.active
    JOIN entitlements e ON e.client_id = a.client_id
    WHERE a.source_id = s.id AND a.paused IS NULL
)::int AS plan_seconds
FROM sources s WHERE s.id = ANY (@ids::uuid[]);

-- name: FinishPolls :execrows
-- Worker: the ends of many polls in one statement; one that stored posts is in their transaction. A
-- poller that lost its lease changes nothing. What a poll did not tell stays as it is. Primary key.
UPDATE sources s SET
    next_poll_at     = f.next_poll_at,
    lease_token      = NULL,
    host             = f.host,
    etag             = f.etag,
    last_modified    = f.last_modified,
    cursor           = f.cursor,
    failures         = f.failures,
    failing_since    = f.failing_since,
    failed_at        = f.failed_at,
    failure_kind     = f.failure_kind,
    hold_until       = f.hold_until,
    gone_since       = f.gone_since,
    gone_answers     = f.gone_answers,
    moved_to         = f.moved_to,
    moved_since      = f.moved_since,
    moved_seen       = f.moved_seen,
    last_polled_at   = coalesce(f.polled_at, s.last_polled_at),
    last_post_at     = greatest(s.last_post_at, f.last_post_at),
    gap_seconds      = coalesce(f.gap_seconds, s.gap_seconds),
    long_gap_seconds = coalesce(f.long_gap_seconds, s.long_gap_seconds),
    state_since      = CASE WHEN s.state = f.state THEN s.state_since ELSE @at::timestamptz END,
    state            = f.state,
    state_reason     = f.state_reason,
    display_name     = coalesce(f.display_name, s.display_name),
    handle           = coalesce(f.handle, s.handle),
    avatar_url       = coalesce(f.avatar_url, s.avatar_url),
    followers        = coalesce(f.followers, s.followers),
    hub_url          = coalesce(f.hub_url, s.hub_url),
    topic_url        = coalesce(f.topic_url, s.topic_url)
FROM jsonb_to_recordset(@polls::jsonb) AS f (
    id uuid, lease_token uuid, next_poll_at timestamptz, host text, etag text, last_modified text, cursor text,
    failures int, failing_since timestamptz, failed_at timestamptz, failure_kind text, hold_until timestamptz,
    gone_since timestamptz, gone_answers int, moved_to text, moved_since timestamptz, moved_seen int,
    polled_at timestamptz, last_post_at timestamptz, gap_seconds bigint, long_gap_seconds bigint,
    state text, state_reason text, display_name text, handle text, avatar_url text, followers bigint, hub_url text, topic_url text
)
WHERE s.id = f.id AND s.lease_token = f.lease_token;

-- name: RecordFollowers :exec
-- Worker: the day's first figure of each account that told its followers. Primary key.
INSERT INTO follower_metrics (source_id, measured_at, followers)
SELECT n.source_id, @measured_at::timestamptz, n.followers
FROM (SELECT unnest(@source_ids::uuid[]) AS source_id, unnest(@followers::bigint[]) AS followers) n
WHERE NOT EXISTS (
    SELECT FROM follower_metrics m
    WHERE m.source_id = n.source_id AND m.measured_at >= date_trunc('day', @measured_at::timestamptz, 'UTC'))
ON CONFLICT DO NOTHING;

-- name: ListPostTimes :many
-- Worker: when the latest posts of a source were published, newest first. Index source_posts_by_time.
SELECT published_at FROM source_posts WHERE source_id = @source_id ORDER BY published_at DESC LIMIT @max_posts::int;

-- name: CountPolls :exec
-- Worker: meters one poll for each tenant that tracks a polled source. Index client_accounts_by_source.
INSERT INTO usage_daily (client_id, day, polls)
SELECT a.client_id, (clock_timestamp() AT TIME ZONE 'UTC')::date, count(*)
FROM client_accounts a JOIN clients c ON c.id = a.client_id AND c.active
WHERE a.source_id = ANY (@source_ids::uuid[]) AND a.paused IS NULL
GROUP BY a.client_id ORDER BY a.client_id
ON CONFLICT (client_id, day) DO UPDATE SET polls = usage_daily.polls + excluded.polls;

-- name: LockLeasedSource :one
-- Worker: makes sure that the lease still holds and keeps others out until the commit. Primary key.
SELECT id FROM sources WHERE id = @id AND lease_token = @lease_token::uuid FOR UPDATE;

-- name: ListKnownPosts :many
-- Worker: which of a fetch's posts are known. Unique index (source_id, external_id).
SELECT id, external_id, fingerprint, published_at, next_measure_at, missing_since FROM source_posts
WHERE source_id = @source_id AND external_id = ANY (@external_ids::text[]);

-- name: ListTrackers :many
-- Worker: the tenants' accounts of a source, held until the commit so that none is moved meanwhile.
-- Index client_accounts_by_source.
SELECT a.client_id, a.id, a.brand_id, a.group_id, a.channel_id, a.announce_latest, a.baseline_at
FROM client_accounts a JOIN clients c ON c.id = a.client_id AND c.active
WHERE a.source_id = @source_id AND a.paused IS NULL
ORDER BY a.client_id, a.id
FOR NO KEY UPDATE OF a;

-- name: InsertSourcePosts :exec
-- Worker: new posts of a source, in one statement.
INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at, first_seen_at, next_measure_at)
SELECT n.id, @source_id, n.external_id, n.fingerprint, n.published_at, @first_seen_at, n.next_measure_at
FROM jsonb_to_recordset(@posts::jsonb) AS n (
    id uuid, external_id text, fingerprint bytea, published_at timestamptz, next_measure_at timestamptz
);

-- name: InsertPosts :exec
-- Worker: the tenants' copies of posts. A post that an account already has stays as it is.
INSERT INTO posts (client_id, id, account_id, brand_id, group_id, source_post_id, platform, kind, external_id,
                   url, title, body, author_name, thumbnail_url, published_at, first_seen_at,
                   views, likes, comments, shares, measured_at)
SELECT n.client_id, n.id, n.account_id, n.brand_id, n.group_id, n.source_post_id, @platform::text, n.kind, n.external_id,
       n.url, n.title, n.body, n.author_name, n.thumbnail_url, n.published_at, @first_seen_at,
       n.views, n.likes, n.comments, n.shares, n.measured_at
FROM jsonb_to_recordset(@posts::jsonb) AS n (
    client_id uuid, id uuid, account_id uuid, brand_id uuid, group_id uuid, source_post_id uuid, kind text, external_id text,
    url text, title text, body text, author_name text, thumbnail_url text, published_at timestamptz,
    views bigint, likes bigint, comments bigint, shares bigint, measured_at timestamptz
)
ON CONFLICT (client_id, account_id, source_post_id) DO NOTHING;

-- name: EditPosts :exec
-- Worker: an edit at the platform, in every tenant's copy. Index posts_by_source_post.
WITH edit AS (
    SELECT (e ->> 'source_post_id')::uuid AS source_post_id, (e ->> 'fingerprint')::bytea AS fingerprint,
           e ->> 'url' AS url, e ->> 'title' AS title, e ->> 'body' AS body
    FROM jsonb_array_elements(@edits::jsonb) AS e
), marked AS (
    UPDATE source_posts s SET fingerprint = e.fingerprint FROM edit e WHERE s.id = e.source_post_id
)
UPDATE posts p SET url = e.url, title = e.title, body = e.body, edited_at = @edited_at::timestamptz
FROM edit e WHERE p.source_post_id = e.source_post_id;

-- name: RecordMetrics :exec
-- Worker: one measurement of each post: history, the tenants' latest figures and the next rung
-- of the ladder. A figure that is missing this time leaves the last one standing.
WITH measured AS (
    SELECT (m ->> 'id')::uuid AS id, (m ->> 'views')::bigint AS views, (m ->> 'likes')::bigint AS likes,
           (m ->> 'comments')::bigint AS comments, (m ->> 'shares')::bigint AS shares,
           (m ->> 'next_measure_at')::timestamptz AS next_measure_at
    FROM jsonb_array_elements(@measurements::jsonb) AS m
), scheduled AS (
    UPDATE source_posts s SET next_measure_at = m.next_measure_at FROM measured m WHERE s.id = m.id
), snapshot AS (
    INSERT INTO post_metrics (source_post_id, measured_at, views, likes, comments, shares)
    SELECT id, @measured_at::timestamptz, views, likes, comments, shares FROM measured
    WHERE num_nonnulls(views, likes, comments, shares) > 0
    ON CONFLICT DO NOTHING
)
UPDATE posts p SET
    views = coalesce(m.views, p.views), likes = coalesce(m.likes, p.likes),
    comments = coalesce(m.comments, p.comments), shares = coalesce(m.shares, p.shares), measured_at = @measured_at::timestamptz
FROM measured m
WHERE p.source_post_id = m.id AND p.measured_at IS DISTINCT FROM @measured_at::timestamptz
  AND num_nonnulls(m.views, m.likes, m.comments, m.shares) > 0;

-- name: MarkBaseline :exec
-- Worker: the first poll of these accounts is done; from now on new posts are announced. Primary key.
UPDATE client_accounts a SET baseline_at = @baseline_at::timestamptz
FROM (SELECT unnest(@client_ids::uuid[]) AS client_id, unnest(@ids::uuid[]) AS id) b
WHERE a.client_id = b.client_id AND a.id = b.id AND a.baseline_at IS NULL;

-- name: CountPostsTracked :exec
-- Worker: meters stored posts, one row a tenant, in key order.
INSERT INTO usage_daily (client_id, day, polls, posts_tracked)
SELECT c.client_id, (clock_timestamp() AT TIME ZONE 'UTC')::date, 1, c.posts
FROM (SELECT unnest(@client_ids::uuid[]) AS client_id, unnest(@posts::bigint[]) AS posts) c
ORDER BY c.client_id
ON CONFLICT (client_id, day) DO UPDATE SET
    polls = usage_daily.polls + 1, posts_tracked = usage_daily.posts_tracked + excluded.posts_tracked;

-- name: ClaimMeasurements :many
-- Worker: posts whose next rung of the metric ladder is due, with what is needed to ask for them.
-- Index source_posts_to_measure; pushing next_measure_at is the lease.
WITH due AS (
    SELECT sp.id FROM source_posts sp
    WHERE sp.next_measure_at <= @at::timestamptz
    ORDER BY sp.next_measure_at
    LIMIT @max_posts::int
    FOR UPDATE SKIP LOCKED
)
UPDATE source_posts sp SET next_measure_at = @lease_until::timestamptz
FROM due, sources s
WHERE sp.id = due.id AND s.id = sp.source_id
RETURNING sp.id, sp.external_id, sp.published_at, sp.missing_since, s.platform, s.host, s.external_id AS account_id,
    (s.next_poll_at IS NOT NULL)::boolean AS is_tracked;

-- name: PutOffMeasurements :exec
-- Worker: posts that were claimed and whose host is busy. Primary key.
UPDATE source_posts SET next_measure_at = @next_measure_at::timestamptz WHERE id = ANY (@ids::uuid[]);

-- name: MarkMissingPosts :exec
-- Worker: the platform says that these posts are not there; once more some time later confirms it, in every
-- tenant's copy too. Primary key, index posts_by_source_post.
WITH missing AS (
    UPDATE source_posts SET
        missing_since = coalesce(missing_since, @missing_at::timestamptz),
        removed_at = CASE WHEN missing_since <= @confirmed_before::timestamptz THEN missing_since END
    WHERE source_posts.id = ANY (@ids::uuid[])
    RETURNING id, source_posts.removed_at
)
UPDATE posts p SET removed_at = m.removed_at FROM missing m
WHERE p.source_post_id = m.id AND p.removed_at IS DISTINCT FROM m.removed_at;

-- name: MarkFoundPosts :exec
-- Worker: posts that were missing or removed are there again. Primary key, index posts_by_source_post.
WITH found AS (
    UPDATE source_posts SET missing_since = NULL, removed_at = NULL
    WHERE source_posts.id = ANY (@ids::uuid[]) AND missing_since IS NOT NULL
    RETURNING id
)
UPDATE posts p SET removed_at = NULL FROM found f WHERE p.source_post_id = f.id AND p.removed_at IS NOT NULL;

-- name: InsertHistoricSourcePosts :exec
-- Demo: posts of the past, as earlier polls would have left them.
INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at, first_seen_at)
SELECT n.source_post_id, @source_id, n.external_id, n.fingerprint, n.published_at, n.published_at
FROM jsonb_to_recordset(@posts::jsonb) AS n (source_post_id uuid, external_id text, fingerprint bytea, published_at timestamptz)
ON CONFLICT DO NOTHING;

-- name: InsertHistoricMetrics :exec
-- Demo: measurements of the past.
INSERT INTO post_metrics (source_post_id, measured_at, views, likes, comments, shares)
SELECT n.source_post_id, n.measured_at, n.views, n.likes, n.comments, n.shares
FROM jsonb_to_recordset(@metrics::jsonb) AS n (
    source_post_id uuid, measured_at timestamptz, views bigint, likes bigint, comments bigint, shares bigint
)
ON CONFLICT DO NOTHING;

-- name: InsertHistoricUsage :exec
-- Demo: the days' use that a tenant's past would have left: each account polled four times an hour, each post
-- announced. Index posts_by_time.
INSERT INTO usage_daily (client_id, day, polls, posts_tracked, notifications_sent, api_requests, exports)
SELECT p.client_id, (p.published_at AT TIME ZONE 'UTC')::date, 96 * (SELECT count(*) FROM client_accounts a WHERE a.client_id = p.client_id),
       count(*), count(*) FILTER (WHERE p.kind <> 'reply'), 60 + 11 * count(*), 0
FROM posts p WHERE p.client_id = @client_id
GROUP BY p.client_id, (p.published_at AT TIME ZONE 'UTC')::date
ON CONFLICT (client_id, day) DO NOTHING;

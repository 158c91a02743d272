-- name: ListBreakoutCandidates :many
-- Worker, after a measurement: copies of these posts whose tenants want to hear of breakouts and have
-- not heard of this one. Only what was found after the account's baseline counts, for what is older
-- has no figures of its youth to compare. Index posts_by_source_post, primary keys, deliveries_once_by_channel.
SELECT p.client_id, p.id AS post_id, p.account_id, p.group_id, p.brand_id, a.channel_id AS account_channel_id,
       p.kind, p.platform, p.url, p.title, p.body, p.author_name, p.thumbnail_url, p.published_at, p.views, p.likes,
       sp.id AS source_post_id, s.breakout_factor::float8 AS factor,
       coalesce(nullif(o.display_name, ''), o.handle)::text AS account_name, o.avatar_url
FROM source_posts sp
JOIN posts p ON p.source_post_id = sp.id
JOIN clients c ON c.id = p.client_id AND c.active
JOIN guild_settings s ON s.client_id = p.client_id AND s.breakout_factor IS NOT NULL AND s.notifications_enabled
JOIN client_accounts a ON a.client_id = p.client_id AND a.id = p.account_id
JOIN sources o ON o.id = sp.source_id
WHERE sp.id = ANY (@source_post_ids::uuid[])
  AND sp.published_at BETWEEN @youngest_before::timestamptz AND @oldest_after::timestamptz
  AND p.removed_at IS NULL AND a.paused IS NULL AND p.first_seen_at > a.baseline_at
  AND num_nonnulls(p.views, p.likes) > 0
  AND NOT EXISTS (SELECT FROM deliveries d WHERE d.client_id = p.client_id AND d.post_id = p.id AND d.kind = 'breakout')
ORDER BY p.client_id, p.id;

-- name: ListUsualFigures :many
-- Worker, for the candidates of a breakout: the median figure of the account's posts before each, at
-- the age that it has now, and of how many. Between two measurements the figure is taken to grow
-- evenly, from nothing at the publication. Index source_posts_by_time, primary key of post_metrics.
SELECT sp.id, coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY f.figure), 0)::float8 AS usual, count(f.figure) AS posts
FROM (SELECT unnest(@source_post_ids::uuid[]) AS id, unnest(@by_views::boolean[]) AS by_views, unnest(@age_seconds::float8[]) AS age) c
JOIN source_posts sp ON sp.id = c.id
CROSS JOIN LATERAL (
    SELECT x.id, x.published_at FROM source_posts x
    WHERE x.source_id = sp.source_id AND x.published_at < sp.published_at
    ORDER BY x.published_at DESC LIMIT @max_posts::int
) o
LEFT JOIN LATERAL (
    SELECT extract(epoch FROM m.measured_at - o.published_at)::float8 AS age, (CASE WHEN c.by_views THEN m.views ELSE m.likes END)::float8 AS figure
    FROM post_metrics m
    WHERE m.source_post_id = o.id AND m.measured_at <= o.published_at + make_interval(secs => c.age)
      AND CASE WHEN c.by_views THEN m.views ELSE m.likes END IS NOT NULL
    ORDER BY m.measured_at DESC LIMIT 1
) b ON true
LEFT JOIN LATERAL (
    SELECT extract(epoch FROM m.measured_at - o.published_at)::float8 AS age, (CASE WHEN c.by_views THEN m.views ELSE m.likes END)::float8 AS figure
    FROM post_metrics m
    WHERE m.source_post_id = o.id AND m.measured_at > o.published_at + make_interval(secs => c.age)
      AND CASE WHEN c.by_views THEN m.views ELSE m.likes END IS NOT NULL
    ORDER BY m.measured_at LIMIT 1
) a ON true
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN a.figure IS NOT NULL AND b.figure IS NOT NULL THEN b.figure + (a.figure - b.figure) * (c.age - b.age) / (a.age - b.age)
        WHEN a.figure IS NOT NULL AND a.age <= 2 * c.age THEN a.figure * c.age / a.age
        WHEN b.figure IS NOT NULL AND b.age >= 0.8 * c.age THEN b.figure
    END AS figure
) f
GROUP BY sp.id;

-- name: InsertBreakouts :exec
-- Worker: the outbox rows of breakout alerts, once a post and channel. The channels must be locked.
INSERT INTO deliveries (client_id, id, kind, route_id, post_id, channel_id, payload, state, published_at, detected_at, trail)
SELECT w.client_id, w.id, 'breakout', nullif(w.route_id, '00000000-0000-0000-0000-000000000000'), w.post_id, w.channel_id, w.payload::jsonb,
       'pending', w.published_at, @detected_at::timestamptz,
       jsonb_build_array(jsonb_build_object('at', clock_timestamp(), 'event', 'queued', 'detail', w.detail))
FROM (SELECT generate_subscripts(@ids::uuid[], 1) AS place, unnest(@client_ids::uuid[]) AS client_id, unnest(@ids::uuid[]) AS id,
             unnest(@route_ids::uuid[]) AS route_id, unnest(@post_ids::uuid[]) AS post_id, unnest(@channel_ids::text[]) AS channel_id,
             unnest(@payloads::text[]) AS payload, unnest(@published_at::timestamptz[]) AS published_at, unnest(@details::text[]) AS detail) w
ORDER BY w.place
ON CONFLICT DO NOTHING;

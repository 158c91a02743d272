-- name: ListFigures :many
-- API: sums of posts over spans of time, in all and by key: of the 100 keys with most posts, in buckets from 0 on. A span
-- that is a day rolled up, and not marked since, is read from figures; any other is summed from its posts. Primary keys of
-- figures, figure_days and figure_marks, index posts_by_time. -1: none of the posts has such a figure.
WITH spans AS (
    SELECT s.starts_at, s.ends_at, s.bucket,
           EXISTS (SELECT FROM figure_days d WHERE d.client_id = @client_id AND d.starts_at = s.starts_at AND d.ends_at = s.ends_at)
           AND NOT EXISTS (SELECT FROM figure_marks m WHERE m.client_id = @client_id
               AND m.day >= (s.starts_at AT TIME ZONE 'UTC')::date
               AND m.day <= ((s.ends_at - interval '1 microsecond') AT TIME ZONE 'UTC')::date) AS rolled
    FROM (SELECT unnest(@starts::timestamptz[]) AS starts_at, unnest(@ends::timestamptz[]) AS ends_at, unnest(@buckets::int[]) AS bucket) s
), parts AS (
    SELECT s.bucket, f.brand_id, f.platform, f.account_id, f.posts, f.views, f.likes, f.comments, f.shares
    FROM spans s CROSS JOIN LATERAL (
        SELECT * FROM figures WHERE figures.client_id = @client_id AND figures.starts_at = s.starts_at AND figures.per = @per::text OFFSET 0
    ) f WHERE s.rolled
    UNION ALL
    SELECT s.bucket, p.brand_id, p.platform, p.account_id, p.posts, p.views, p.likes, p.comments, p.shares
    FROM spans s CROSS JOIN LATERAL (
        SELECT brand_id, platform, account_id, count(*) AS posts, sum(views)::bigint AS views, sum(likes)::bigint AS likes,
               sum(comments)::bigint AS comments, sum(shares)::bigint AS shares
        FROM posts WHERE posts.client_id = @client_id AND published_at >= s.starts_at AND published_at < s.ends_at AND removed_at IS NULL
        GROUP BY brand_id, platform, account_id
    ) p WHERE NOT s.rolled
), keyed AS (
    SELECT bucket, CASE @group_by::text WHEN 'platform' THEN platform WHEN 'brand' THEN brand_id::text WHEN 'account' THEN account_id::text ELSE '' END AS key,
           sum(posts)::bigint AS posts, sum(views)::bigint AS views, sum(likes)::bigint AS likes, sum(comments)::bigint AS comments, sum(shares)::bigint AS shares
    FROM parts
    WHERE coalesce(brand_id = sqlc.narg(brand_id)::uuid, true) AND coalesce(platform = sqlc.narg(platform)::text, true)
      AND coalesce(account_id = sqlc.narg(account_id)::uuid, true)
    GROUP BY 1, 2
), foremost AS (
    SELECT key FROM keyed WHERE @group_by <> '' GROUP BY key
    ORDER BY coalesce(sum(posts) FILTER (WHERE bucket >= 0), 0) DESC, key LIMIT 100
)
SELECT true AS is_total, ''::text AS key, bucket::int AS bucket, sum(posts)::bigint AS posts,
       coalesce(sum(views), -1)::bigint AS views, coalesce(sum(likes), -1)::bigint AS likes,
       coalesce(sum(comments), -1)::bigint AS comments, coalesce(sum(shares), -1)::bigint AS shares
FROM keyed GROUP BY bucket
UNION ALL
SELECT false, k.key::text, k.bucket::int, k.posts, coalesce(k.views, -1), coalesce(k.likes, -1), coalesce(k.comments, -1), coalesce(k.shares, -1)
FROM keyed k JOIN foremost USING (key);

-- name: GetFiguresAsOf :one
-- API: up to when the accounts behind figures were confirmed at their platforms: the oldest of those that answer, or the
-- newest when none does. No row: none ever was. Index client_accounts_by_brand.
SELECT coalesce(min(s.last_polled_at) FILTER (WHERE a.paused IS NULL AND s.state NOT IN ('failing', 'gone')),
                max(s.last_polled_at))::timestamptz AS as_of
FROM client_accounts a JOIN sources s ON s.id = a.source_id
WHERE a.client_id = @client_id AND coalesce(a.brand_id = sqlc.narg(brand_id)::uuid, true)
  AND coalesce(s.platform = sqlc.narg(platform)::text, true) AND coalesce(a.id = sqlc.narg(account_id)::uuid, true)
HAVING max(s.last_polled_at) IS NOT NULL;

-- name: ListBrandLabels :many
-- API: the names of some brands. Primary key.
SELECT id, name FROM brands WHERE client_id = @client_id AND id = ANY (@ids::uuid[]);

-- name: ListAccountLabels :many
-- API: the names of some accounts. Primary keys.
SELECT a.id, coalesce(nullif(s.display_name, ''), s.handle)::text AS name
FROM client_accounts a JOIN sources s ON s.id = a.source_id
WHERE a.client_id = @client_id AND a.id = ANY (@ids::uuid[]);

-- name: ListMarkedClients :many
-- analytics.Roller: tenants with days to roll up, the longest waiting first. The marks are few: they go with the roll-up.
SELECT client_id FROM figure_marks GROUP BY client_id ORDER BY min(id) LIMIT @max_clients;

-- name: GetZoneOfClient :one
-- analytics.Roller. Primary key.
SELECT timezone FROM guild_settings WHERE client_id = @client_id;

-- name: ListMarkedDays :many
-- analytics.Roller: a tenant's marked days, newest first. Primary key.
SELECT DISTINCT day FROM figure_marks WHERE client_id = @client_id ORDER BY day DESC LIMIT @max_days;

-- name: DropFigureDays :exec
-- analytics.Roller: what is rolled up of these days, in whatever zone; the figures go along. Primary key.
DELETE FROM figure_days d
USING (SELECT unnest(@starts::timestamptz[]) AS starts_at, unnest(@ends::timestamptz[]) AS ends_at) s
WHERE d.client_id = @client_id AND d.starts_at < s.ends_at AND d.ends_at > s.starts_at;

-- name: InsertFigureDays :exec
-- analytics.Roller: days that are rolled up from now on.
INSERT INTO figure_days (client_id, starts_at, ends_at)
SELECT @client_id, unnest(@starts::timestamptz[]), unnest(@ends::timestamptz[]);

-- name: InsertFigures :exec
-- analytics.Roller: the sums of these days. Index posts_by_time.
INSERT INTO figures (client_id, starts_at, per, brand_id, platform, account_id, posts, views, likes, comments, shares)
SELECT @client_id, s.starts_at, CASE WHEN grouping(p.account_id) = 0 THEN 'account' ELSE 'brand' END, p.brand_id, p.platform,
       coalesce(p.account_id, '00000000-0000-0000-0000-000000000000'), count(*), sum(p.views), sum(p.likes), sum(p.comments), sum(p.shares)
FROM (SELECT unnest(@starts::timestamptz[]) AS starts_at, unnest(@ends::timestamptz[]) AS ends_at) s
CROSS JOIN LATERAL (
    SELECT brand_id, platform, account_id, views, likes, comments, shares FROM posts
    WHERE posts.client_id = @client_id AND published_at >= s.starts_at AND published_at < s.ends_at AND removed_at IS NULL
) p
GROUP BY GROUPING SETS ((s.starts_at, p.brand_id, p.platform, p.account_id), (s.starts_at, p.brand_id, p.platform))
ORDER BY 2, 3;

-- name: DeleteFigureMarks :exec
-- analytics.Roller: the marks that the snapshot of the roll-up shows, and no later one. Primary key.
DELETE FROM figure_marks WHERE client_id = @client_id AND day = ANY (@days::date[]);

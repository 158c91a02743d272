-- name: ListQueues :many
-- Worker, every few seconds, and the operator's page: what waits in each queue that is due, for how long the oldest has,
-- and how much of it is younger than the steps. poll: index sources_due, one probe a lane; measure:
-- source_posts_to_measure; notify: channel_queues_due, then deliveries_by_channel; held: deliveries_held; export: exports_to_make.
SELECT 'poll'::text AS queue, count(*) AS depth, coalesce(extract(epoch FROM now() - min(due_at)), 0)::float8 AS oldest_seconds,
       count(*) FILTER (WHERE due_at > now() - interval '1 minute') AS within_minute,
       count(*) FILTER (WHERE due_at > now() - interval '10 minutes') AS within_ten,
       count(*) FILTER (WHERE due_at > now() - interval '1 hour') AS within_hour
FROM generate_series(0, 255) AS step
CROSS JOIN LATERAL (SELECT next_poll_at AS due_at FROM sources WHERE lane = step::smallint AND next_poll_at <= now()) s
UNION ALL
SELECT 'measure', count(*), coalesce(extract(epoch FROM now() - min(next_measure_at)), 0)::float8,
       count(*) FILTER (WHERE next_measure_at > now() - interval '1 minute'),
       count(*) FILTER (WHERE next_measure_at > now() - interval '10 minutes'),
       count(*) FILTER (WHERE next_measure_at > now() - interval '1 hour')
FROM source_posts WHERE next_measure_at <= now()
UNION ALL
SELECT 'notify', count(*), coalesce(extract(epoch FROM now() - min(d.since)), 0)::float8,
       count(*) FILTER (WHERE d.since > now() - interval '1 minute'),
       count(*) FILTER (WHERE d.since > now() - interval '10 minutes'),
       count(*) FILTER (WHERE d.since > now() - interval '1 hour')
FROM channel_queues q
CROSS JOIN LATERAL (
    SELECT greatest(queued_at, retry_at, held_until) AS since FROM deliveries
    WHERE deliveries.client_id = q.client_id AND deliveries.channel_id = q.channel_id
      AND deliveries.state IN ('pending', 'sending', 'retry') AND (retry_at IS NULL OR retry_at <= now())
) d
WHERE q.due_at <= now()
UNION ALL
SELECT 'held', count(*), coalesce(extract(epoch FROM now() - min(held_until)), 0)::float8,
       count(*) FILTER (WHERE held_until > now() - interval '1 minute'),
       count(*) FILTER (WHERE held_until > now() - interval '10 minutes'),
       count(*) FILTER (WHERE held_until > now() - interval '1 hour')
FROM deliveries d JOIN clients c ON c.id = d.client_id AND c.active WHERE d.state = 'held' AND d.digest_id IS NULL AND d.held_until <= now()
UNION ALL
SELECT 'export', count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8,
       count(*) FILTER (WHERE created_at > now() - interval '1 minute'),
       count(*) FILTER (WHERE created_at > now() - interval '10 minutes'),
       count(*) FILTER (WHERE created_at > now() - interval '1 hour')
FROM exports WHERE state IN ('queued', 'running');

-- name: ListSourcesByState :many
-- Worker, once a minute: the tracked sources by platform and state. Index sources_by_host has the platform, the rest is read.
SELECT platform, state, count(*) AS sources FROM sources WHERE next_poll_at IS NOT NULL GROUP BY platform, state;

-- name: ListTenantsByTier :many
-- Worker, once a minute: the tenants that are there, by plan. A scan of two tables with a row a tenant.
SELECT b.tier, count(*) AS tenants, count(*) FILTER (WHERE b.grace_until IS NOT NULL) AS in_grace,
       count(*) FILTER (WHERE c.suspended_at IS NOT NULL) AS suspended
FROM subscriptions b JOIN clients c ON c.id = b.client_id WHERE c.removed_at IS NULL GROUP BY b.tier;

-- name: CountSubscriptionsByState :many
-- Worker, once a minute: WebSub subscriptions by state. A scan of a table with a row a YouTube channel.
SELECT state, count(*) AS subscriptions FROM websub_subscriptions GROUP BY state;

-- name: CountAuditChains :one
-- Worker, once a minute: audit chains that were checked, those found broken, and when the one that has waited longest for a
-- whole check had its last. A scan of a table with a row a tenant.
SELECT count(*) AS chains, count(*) FILTER (WHERE broken_seq > 0) AS broken,
       coalesce(extract(epoch FROM now() - min(whole_at)), 0)::float8 AS oldest_whole_seconds
FROM audit_checks;

-- name: ListBots :many
-- Worker, every few seconds, and the operator's page: the bots as they last reported. A row a bot.
SELECT id, status, shard_count, guild_count, version, extract(epoch FROM now() - last_heartbeat)::float8 AS silent_seconds FROM bot_health ORDER BY id;

-- name: ListOpenIncidentsWithReach :many
-- Operator's page and `admin incident list`: open incidents, oldest first, with the sources they hold.
-- Index platform_incidents_open, then sources_by_host.
SELECT i.id, i.platform, i.host, i.started_at,
       (SELECT count(*) FROM sources s WHERE s.platform = i.platform AND (i.host = '' OR s.host = i.host)
           AND s.next_poll_at IS NOT NULL AND s.state = 'incident') AS held
FROM platform_incidents i WHERE i.ended_at IS NULL ORDER BY i.started_at;

-- name: ListLeases :many
-- Operator's page: what is being worked on now, by kind. poll: sources_due, a probe a lane; channel: channel_queues_due, as a
-- leased row stays due; export: exports_to_make.
SELECT 'poll'::text AS kind, count(*) AS held, coalesce(extract(epoch FROM max(until) - now()), 0)::float8 AS longest_seconds
FROM generate_series(0, 255) AS step
CROSS JOIN LATERAL (
    SELECT next_poll_at AS until FROM sources
    WHERE lane = step::smallint AND next_poll_at > now() AND next_poll_at <= now() + interval '2 minutes' AND lease_token IS NOT NULL
) s
UNION ALL
SELECT 'channel', count(*), coalesce(extract(epoch FROM max(lease_until) - now()), 0)::float8
FROM channel_queues WHERE due_at <= now() AND lease_until > now()
UNION ALL
SELECT 'export', count(*), coalesce(extract(epoch FROM max(lease_until) - now()), 0)::float8
FROM exports WHERE state = 'running' AND lease_until > now();

-- name: ListBusiestTenants :many
-- Worker, once a minute, and the operator's page: the tenants that used most of something today (UTC), ten of each.
-- Index usage_daily_by_day.
WITH today AS MATERIALIZED (
    SELECT u.* FROM usage_daily u WHERE u.day = (now() AT TIME ZONE 'UTC')::date
), top AS (
    (SELECT client_id, 'polls'::text AS figure, polls AS used FROM today WHERE polls > 0 ORDER BY polls DESC, client_id LIMIT 10)
    UNION ALL
    (SELECT client_id, 'posts', posts_tracked FROM today WHERE posts_tracked > 0 ORDER BY posts_tracked DESC, client_id LIMIT 10)
    UNION ALL
    (SELECT client_id, 'notifications', notifications_sent FROM today WHERE notifications_sent > 0 ORDER BY notifications_sent DESC, client_id LIMIT 10)
    UNION ALL
    (SELECT client_id, 'api_requests', api_requests FROM today WHERE api_requests > 0 ORDER BY api_requests DESC, client_id LIMIT 10)
)
SELECT top.figure, top.used, c.guild_id, c.name, b.tier
FROM top JOIN clients c ON c.id = top.client_id JOIN subscriptions b ON b.client_id = top.client_id
ORDER BY top.figure, top.used DESC, c.guild_id;

-- name: ListLongestWaits :many
-- Worker, once a minute, and the operator's page: the ten tenants whose oldest due delivery has waited longest.
-- Index channel_queues_due, then deliveries_by_channel.
SELECT c.guild_id, c.name, b.tier, w.waiting, w.oldest_seconds
FROM (
    SELECT q.client_id, count(*) AS waiting, extract(epoch FROM now() - min(greatest(d.queued_at, d.retry_at, d.held_until)))::float8 AS oldest_seconds
    FROM channel_queues q
    JOIN deliveries d ON d.client_id = q.client_id AND d.channel_id = q.channel_id
         AND d.state IN ('pending', 'sending', 'retry') AND (d.retry_at IS NULL OR d.retry_at <= now())
    WHERE q.due_at <= now()
    GROUP BY q.client_id
    ORDER BY oldest_seconds DESC, q.client_id LIMIT 10
) w JOIN clients c ON c.id = w.client_id JOIN subscriptions b ON b.client_id = w.client_id
ORDER BY w.oldest_seconds DESC, c.guild_id;

-- name: GetDatabaseFigures :one
-- Worker, once a minute: PostgreSQL's own counters of this database (what pg_stat_database shows); every role may read them.
SELECT pg_database_size(d.oid)::bigint AS size_bytes,
       pg_stat_get_db_numbackends(d.oid)::int AS backends, current_setting('max_connections')::int AS max_connections,
       pg_stat_get_db_xact_commit(d.oid)::bigint AS commits, pg_stat_get_db_xact_rollback(d.oid)::bigint AS rollbacks,
       pg_stat_get_db_blocks_fetched(d.oid)::bigint AS blocks_fetched, pg_stat_get_db_blocks_hit(d.oid)::bigint AS blocks_hit,
       pg_stat_get_db_deadlocks(d.oid)::bigint AS deadlocks, pg_stat_get_db_temp_bytes(d.oid)::bigint AS temp_bytes
FROM pg_catalog.pg_database d WHERE d.datname = current_database();

-- name: ListTableFigures :many
-- Worker, once a minute: size and dead rows of each table of the product (what pg_stat_user_tables shows).
SELECT c.relname::text AS name, pg_total_relation_size(c.oid)::bigint AS bytes,
       pg_stat_get_live_tuples(c.oid)::bigint AS live_rows, pg_stat_get_dead_tuples(c.oid)::bigint AS dead_rows
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname;

-- name: ListChannelsInUse :many
-- Doctor: guilds that are there with the channels that something is sent to, the largest guilds first. Primary keys of
-- clients, routes and client_accounts.
SELECT c.guild_id, c.name, coalesce(s.default_channel_id, '')::text AS default_channel_id,
       ARRAY(SELECT r.channel_id FROM routes r WHERE r.client_id = c.id AND r.paused_at IS NULL
             UNION SELECT a.channel_id FROM client_accounts a WHERE a.client_id = c.id AND a.channel_id IS NOT NULL
             ORDER BY 1)::text[] AS channels
FROM clients c LEFT JOIN guild_settings s ON s.client_id = c.id
WHERE c.removed_at IS NULL AND c.unavailable_since IS NULL
ORDER BY (SELECT count(*) FROM client_accounts a WHERE a.client_id = c.id) DESC, c.created_at
LIMIT @max_guilds;

-- name: GetJWTKeyAge :one
-- Doctor: when the key that was first used last came into use. A handful of rows.
SELECT kid, first_used_at FROM jwt_keys ORDER BY first_used_at DESC LIMIT 1;

-- name: ListDeadDeliveries :many
-- Operator's replay: what was given up since a time, the oldest first, optionally of one guild, one reason. A digest's posts
-- are in it one by one. Indexes deliveries_dead by tenant, primary keys.
SELECT d.client_id, d.id, d.post_id, d.kind, d.reason, d.queued_at, c.guild_id, c.name
FROM clients c JOIN deliveries d ON d.client_id = c.id AND d.state = 'dead' AND d.queued_at >= @since::timestamptz
WHERE d.post_id IS NOT NULL AND c.active
  AND (@guild_id::text = '' OR c.guild_id = @guild_id) AND (@reason::text = '' OR d.reason = @reason)
ORDER BY d.queued_at, d.id
LIMIT @max_rows;

-- name: GetClientForOperator :one
-- Operator: what there is to know of one tenant. Primary key, then indexes by tenant.
SELECT c.id, c.guild_id, c.name, c.owner_id, c.bot_id, c.created_at, c.removed_at, c.unavailable_since, c.suspended_at, coalesce(c.suspended_reason, '')::text AS suspended_reason,
       b.tier, b.source AS tier_source, b.grace_until,
       b.accounts AS accounts_limit, b.notifications_per_day, b.min_poll_seconds,
       coalesce(s.default_channel_id, '')::text AS default_channel_id, coalesce(s.notifications_enabled, true)::boolean AS notifications_enabled,
       (SELECT count(*) FROM brands x WHERE x.client_id = c.id) AS brands,
       (SELECT count(*) FROM client_accounts x WHERE x.client_id = c.id) AS accounts,
       (SELECT count(*) FROM client_accounts x WHERE x.client_id = c.id AND x.paused IS NOT NULL) AS accounts_paused,
       (SELECT count(*) FROM client_accounts x JOIN sources o ON o.id = x.source_id WHERE x.client_id = c.id AND o.state IN ('failing', 'gone')) AS accounts_failing,
       (SELECT count(*) FROM routes x WHERE x.client_id = c.id) AS routes,
       (SELECT count(*) FROM guild_channels x WHERE x.client_id = c.id AND x.paused_at IS NOT NULL) AS channels_paused,
       (SELECT count(*) FROM deliveries x WHERE x.client_id = c.id AND x.state IN ('pending', 'sending', 'retry')) AS deliveries_waiting,
       (SELECT count(*) FROM deliveries x WHERE x.client_id = c.id AND x.state = 'held' AND x.digest_id IS NULL) AS deliveries_held,
       (SELECT count(*) FROM deliveries x WHERE x.client_id = c.id AND x.state = 'dead' AND x.queued_at > now() - interval '7 days') AS deliveries_dead,
       (SELECT count(*) FROM exports x WHERE x.client_id = c.id AND x.state IN ('queued', 'running')) AS exports_waiting,
       coalesce(u.polls, 0)::bigint AS polls_today, coalesce(u.notifications_sent, 0)::bigint AS notifications_today, coalesce(u.api_requests, 0)::bigint AS api_requests_today,
       a.seq AS audit_checked, coalesce(a.broken_seq, 0)::bigint AS audit_broken
FROM clients c
JOIN entitlements b ON b.client_id = c.id
LEFT JOIN guild_settings s ON s.client_id = c.id
LEFT JOIN usage_daily u ON u.client_id = c.id AND u.day = (now() AT TIME ZONE 'UTC')::date
LEFT JOIN audit_checks a ON a.client_id = c.id
WHERE c.id = @id;

-- name: GetAttention :one
-- API: what of a tenant needs a manager, as counts and since when. Indexes client_accounts_by_brand, deliveries_dead;
-- channels, routes and brands are few. Of the plan: what the end of a grace pauses, and limits used up or from 80 % on.
SELECT a.accounts, a.failing, a.failing_since, a.gone, a.gone_since, a.plan_paused, a.plan_paused_since, a.nowhere,
       c.channels, c.channels_since, r.routes, r.routes_since, d.dead, d.dead_since,
       coalesce(cl.erase_requested_at, 'epoch')::timestamptz AS erase_since, coalesce(cl.suspended_at, 'epoch')::timestamptz AS suspended_since,
       coalesce((SELECT k.checked_at FROM audit_checks k WHERE k.client_id = @client_id AND k.broken_seq IS NOT NULL), 'epoch')::timestamptz AS audit_broken_since,
       CASE WHEN e.grace_until > now() THEN greatest(a.accounts - a.plan_paused - e.accounts, 0) ELSE 0 END::bigint AS plan_beyond,
       q.used_up, q.nearly
FROM (SELECT count(*) AS accounts,
             count(*) FILTER (WHERE s.state = 'failing' AND a.paused IS NULL) AS failing,
             coalesce(min(s.state_since) FILTER (WHERE s.state = 'failing' AND a.paused IS NULL), 'epoch')::timestamptz AS failing_since,
             count(*) FILTER (WHERE s.state = 'gone' AND a.paused IS NULL) AS gone,
             coalesce(min(s.state_since) FILTER (WHERE s.state = 'gone' AND a.paused IS NULL), 'epoch')::timestamptz AS gone_since,
             count(*) FILTER (WHERE a.paused = 'paused_by_plan') AS plan_paused,
             coalesce(min(a.paused_since) FILTER (WHERE a.paused = 'paused_by_plan'), 'epoch')::timestamptz AS plan_paused_since,
             count(*) FILTER (WHERE a.paused IS NULL AND a.channel_id IS NULL AND g.default_channel_id IS NULL AND NOT EXISTS (
                 SELECT FROM routes t WHERE t.client_id = @client_id
                   AND (t.account_id = a.id OR t.group_id = a.group_id OR t.brand_id = a.brand_id))) AS nowhere
      FROM client_accounts a JOIN sources s ON s.id = a.source_id
      LEFT JOIN guild_settings g ON g.client_id = @client_id
      WHERE a.client_id = @client_id) a
CROSS JOIN (SELECT count(*) AS channels, coalesce(min(paused_at), 'epoch')::timestamptz AS channels_since
      FROM guild_channels WHERE guild_channels.client_id = @client_id AND paused_at IS NOT NULL) c
CROSS JOIN (SELECT count(*) AS routes, coalesce(min(paused_at), 'epoch')::timestamptz AS routes_since
      FROM routes WHERE routes.client_id = @client_id AND paused_at IS NOT NULL) r
CROSS JOIN (SELECT count(*) AS dead, coalesce(min(queued_at), 'epoch')::timestamptz AS dead_since
      FROM deliveries WHERE deliveries.client_id = @client_id AND state = 'dead' AND kind IN ('post', 'breakout', 'digest')
        AND queued_at > now() - interval '7 days') d
JOIN clients cl ON cl.id = @client_id
JOIN entitlements e ON e.client_id = @client_id
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE u.used >= u.most) AS used_up, count(*) FILTER (WHERE u.used < u.most AND u.used >= 0.8 * u.most) AS nearly
      FROM (VALUES (a.accounts - a.plan_paused, e.accounts),
                   ((SELECT count(*) FROM brands b WHERE b.client_id = @client_id), e.brands),
                   (coalesce((SELECT u.notifications_sent FROM usage_daily u WHERE u.client_id = @client_id
                              AND u.day = (now() AT TIME ZONE 'UTC')::date), 0), e.notifications_per_day)) AS u (used, most)) q;

-- name: GetQuotaUse :one
-- API: what a tenant uses of what its plan allows. Primary keys, indexes client_accounts_by_brand and exports by tenant.
-- budget_seconds is how far the budget of requests is used ahead (limit.Burst).
SELECT (SELECT count(*) FROM brands b WHERE b.client_id = @client_id) AS brands,
       (SELECT count(*) FROM client_accounts a WHERE a.client_id = @client_id AND a.paused IS DISTINCT FROM 'paused_by_plan') AS accounts,
       (SELECT coalesce(sum(u.notifications_sent), 0) FROM usage_daily u WHERE u.client_id = @client_id AND u.day = @today::date)::bigint AS notifications,
       (SELECT coalesce(max(e.rows), 0) FROM exports e WHERE e.client_id = @client_id AND e.kind <> 'archive')::bigint AS export_rows,
       (SELECT coalesce(max(greatest(extract(epoch FROM r.due - clock_timestamp()), 0)), 0) FROM rate_budgets r
        WHERE r.bucket = 'tenant:' || @client_id::uuid)::float8 AS budget_seconds;

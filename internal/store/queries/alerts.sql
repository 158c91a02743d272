-- name: ListUntoldAccounts :many
-- Worker: accounts whose state has lasted and is not what their guild was told last, in guilds that can be
-- told and were not told of accounts just now. An account that was quiet when its tracking began is no news.
-- Indexes sources_in_trouble, client_accounts_told.
WITH untold AS (
    SELECT a.client_id, a.id, a.told_state, s.state
    FROM sources s JOIN client_accounts a ON a.source_id = s.id
    WHERE s.state IN ('quiet', 'failing', 'gone') AND s.state_since < @trouble_before::timestamptz
      AND a.told_state <> s.state AND coalesce(a.told_at < @again_before::timestamptz, true) AND a.paused IS NULL
      AND (s.state <> 'quiet' OR s.state_since > a.baseline_at + interval '1 hour')
    UNION ALL
    SELECT a.client_id, a.id, a.told_state, 'ok'
    FROM client_accounts a JOIN sources s ON s.id = a.source_id
    WHERE a.told_state <> 'ok' AND a.paused IS NULL
      AND (s.state = 'ok' OR s.state = 'quiet' AND a.told_state <> 'quiet') AND s.state_since < @recovery_before::timestamptz
)
SELECT DISTINCT ON (u.client_id, u.id) u.client_id, u.id, u.told_state, u.state::text AS state, s.display_name, s.handle, s.state_since, s.state_reason, g.id AS channel_id
FROM untold u
JOIN client_accounts a ON a.client_id = u.client_id AND a.id = u.id
JOIN sources s ON s.id = a.source_id
JOIN clients c ON c.id = u.client_id AND c.active
JOIN guild_settings t ON t.client_id = u.client_id AND t.notifications_enabled
JOIN LATERAL (
    SELECT id FROM guild_channels
    WHERE client_id = u.client_id AND id IN (t.default_channel_id, c.system_channel_id) AND can_send AND paused_at IS NULL
    ORDER BY (id = t.default_channel_id) DESC NULLS LAST LIMIT 1
) g ON true
WHERE NOT EXISTS (SELECT FROM client_accounts told WHERE told.client_id = u.client_id AND told.told_at > @spaced_since::timestamptz)
ORDER BY u.client_id, u.id, u.state <> 'ok'
LIMIT @max_rows::int;

-- name: MarkToldAccounts :many
-- Worker: what a guild is told in this transaction, once whoever else tells too. Primary key.
UPDATE client_accounts a SET told_state = n.state, told_at = @told_at::timestamptz
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@old_states::text[]) AS old_state, unnest(@states::text[]) AS state) n
WHERE a.client_id = @client_id AND a.id = n.id AND a.told_state = n.old_state
RETURNING a.id;

-- name: ListUntoldIncidents :many
-- Worker: incidents that have lasted and whose start, or end, was not told. Index platform_incidents_by_end.
SELECT * FROM platform_incidents
WHERE (ended_at IS NULL AND start_told_at IS NULL AND started_at < @lasting_since::timestamptz)
   OR (ended_at < @over_since::timestamptz AND start_told_at IS NOT NULL AND end_told_at IS NULL);

-- name: ListIncidentGuilds :many
-- Worker: guilds with accounts that an incident holds, or at its end with any there, that can be told and
-- have not got this notice; the end goes to those who got the start. Index sources_by_host.
SELECT a.client_id, g.id AS channel_id, count(*) AS accounts
FROM sources s
JOIN client_accounts a ON a.source_id = s.id AND a.paused IS NULL
JOIN clients c ON c.id = a.client_id AND c.active
JOIN guild_settings t ON t.client_id = a.client_id AND t.notifications_enabled
JOIN LATERAL (
    SELECT id FROM guild_channels
    WHERE client_id = a.client_id AND id IN (t.default_channel_id, c.system_channel_id) AND can_send AND paused_at IS NULL
    ORDER BY (id = t.default_channel_id) DESC NULLS LAST LIMIT 1
) g ON true
WHERE s.platform = @platform AND (s.host = @host OR @host = '') AND s.next_poll_at IS NOT NULL
  AND (s.state = 'incident' OR @ended::boolean)
  AND NOT EXISTS (SELECT FROM deliveries d WHERE d.client_id = a.client_id AND d.notice_key = @notice_key::text)
  AND (NOT @ended::boolean OR EXISTS (SELECT FROM deliveries d WHERE d.client_id = a.client_id AND d.notice_key = @start_key::text))
GROUP BY a.client_id, g.id
LIMIT @max_rows::int;

-- name: MarkIncidentTold :exec
-- Worker: the start of an incident was told, or its end, unless it is back since. Primary key.
UPDATE platform_incidents SET
    start_told_at = coalesce(start_told_at, @told_at::timestamptz),
    end_told_at = CASE WHEN @ended::boolean AND ended_at IS NOT NULL THEN @told_at::timestamptz END
WHERE id = @id;

-- name: FindClient :one
-- Bot: guild → tenant. Unique index on guild_id.
SELECT * FROM clients WHERE guild_id = @guild_id;

-- name: GetClient :one
-- Operator: a tenant by its own id. Primary key.
SELECT * FROM clients WHERE id = @id;

-- name: InsertClient :one
-- guild.Onboard: a new tenant. No row: another process was first. Unique index on guild_id.
INSERT INTO clients (id, guild_id, name, icon_hash, owner_id, system_channel_id, bot_id)
VALUES (@id, @guild_id, @name, sqlc.narg(icon_hash), @owner_id, sqlc.narg(system_channel_id), @bot_id)
ON CONFLICT (guild_id) DO NOTHING
RETURNING *;

-- name: LockClient :one
-- guild.Registry: a tenant before it is changed. Primary key.
SELECT * FROM clients WHERE id = @id FOR NO KEY UPDATE;

-- name: UpdateClient :exec
-- guild.Registry: what Discord says of the guild. Primary key.
UPDATE clients SET name = @name, icon_hash = sqlc.narg(icon_hash), owner_id = @owner_id,
    system_channel_id = sqlc.narg(system_channel_id), bot_id = @bot_id, unavailable_since = NULL, removed_at = NULL, updated_at = now()
WHERE id = @id;

-- name: MarkClientUnavailable :exec
-- guild.Registry: a Discord outage of the guild, in directory scope. Unique index on guild_id.
UPDATE clients SET unavailable_since = now(), updated_at = now()
WHERE guild_id = @guild_id AND bot_id = @bot_id AND unavailable_since IS NULL AND removed_at IS NULL;

-- name: MarkClientRemoved :exec
-- guild.Registry: the bot has been removed. Primary key.
UPDATE clients SET removed_at = now(), unavailable_since = NULL, updated_at = now() WHERE id = @id;

-- name: SuspendClient :exec
-- guild.Registry, by the operator: nothing is done for the tenant any more. Primary key.
UPDATE clients SET suspended_at = now(), suspended_reason = @reason::text, updated_at = now() WHERE id = @id;

-- name: EndSuspension :exec
-- guild.Registry, by the operator: the tenant is served again. Primary key.
UPDATE clients SET suspended_at = NULL, suspended_reason = NULL, updated_at = now() WHERE id = @id;

-- name: ListLiveGuilds :many
-- Bot, at the start of a session: which guilds it believes to be in; in the bot's scope. Index clients_by_bot.
SELECT guild_id FROM clients WHERE bot_id = @bot_id AND removed_at IS NULL ORDER BY guild_id;

-- name: InsertGuildDefaults :exec
-- guild.Onboard: the settings and the free plan of a new tenant.
WITH settings AS (
    INSERT INTO guild_settings (client_id, locale, default_channel_id) VALUES (@client_id, @locale, sqlc.narg(default_channel_id))
    ON CONFLICT (client_id) DO NOTHING
)
INSERT INTO subscriptions (client_id) VALUES (@client_id) ON CONFLICT (client_id) DO NOTHING;

-- name: GetDelivering :one
-- Bot: where a tenant's posts go by default, whether they get there and how many wait.
-- Primary keys, index deliveries_by_channel.
SELECT s.default_channel_id, s.notifications_enabled,
       coalesce(c.can_send, false)::boolean AS can_send, c.paused_at, coalesce(c.paused_reason, '')::text AS paused_reason,
       (SELECT count(*) FROM deliveries d
        WHERE d.client_id = s.client_id AND d.state IN ('pending', 'sending', 'retry')) AS waiting
FROM guild_settings s
LEFT JOIN guild_channels c ON c.client_id = s.client_id AND c.id = s.default_channel_id
WHERE s.client_id = @client_id;

-- name: ListOwnChannels :many
-- Bot: the channels that accounts have of their own. Index client_accounts_by_brand.
SELECT a.channel_id::text AS channel_id, count(*) AS accounts, coalesce(bool_or(c.can_send), false)::boolean AS can_send,
       coalesce(bool_or(c.paused_at IS NOT NULL), false)::boolean AS paused
FROM client_accounts a LEFT JOIN guild_channels c ON c.client_id = a.client_id AND c.id = a.channel_id
WHERE a.client_id = @client_id AND a.channel_id IS NOT NULL
GROUP BY a.channel_id ORDER BY count(*) DESC, a.channel_id LIMIT @max_rows;

-- name: GetGuildSettings :one
-- Bot, with each command: the settings as they are. Primary key.
SELECT * FROM guild_settings WHERE client_id = @client_id;

-- name: LockGuildSettings :one
-- guild.Registry: settings before they are changed. Primary key.
SELECT * FROM guild_settings WHERE client_id = @client_id FOR NO KEY UPDATE;

-- name: SetDefaultChannel :one
-- guild.Registry. Primary key.
UPDATE guild_settings SET default_channel_id = sqlc.narg(channel_id), version = version + 1, updated_at = now()
WHERE client_id = @client_id RETURNING *;

-- name: ClearMentionRole :execrows
-- guild.Registry: the role to mention was deleted, by the settings and by routes. Primary keys.
WITH routed AS (
    UPDATE routes r SET mention_role_id = NULL, updated_at = now() WHERE r.client_id = @client_id AND r.mention_role_id = @role_id
)
UPDATE guild_settings s SET mention_role_id = NULL, version = version + 1, updated_at = now()
WHERE s.client_id = @client_id AND s.mention_role_id = @role_id;

-- name: RestartAccountsOfClient :exec
-- guild.Onboard: the bot is back; what was published meanwhile is stored and not announced. Index client_accounts_by_brand.
UPDATE client_accounts SET baseline_at = NULL, announce_latest = false WHERE client_id = @client_id;

-- name: RestartSourcesOfClient :exec
-- guild.Onboard: the bot is back; its sources are polled in full and, unless they back off, now. Locked in order, as the worker does.
WITH theirs AS (
    SELECT s.id FROM sources s
    WHERE s.id IN (SELECT a.source_id FROM client_accounts a WHERE a.client_id = @client_id AND a.paused IS NULL)
    ORDER BY s.id FOR NO KEY UPDATE
)
UPDATE sources SET cursor = '', etag = '', last_modified = '', lease_token = NULL,
    next_poll_at = CASE WHEN failures = 0 THEN clock_timestamp() ELSE coalesce(next_poll_at, clock_timestamp()) END
FROM theirs WHERE sources.id = theirs.id;

-- name: ReviewSourcesOfClient :exec
-- guild.Remove: asks the worker whether anyone else tracks these, as ReviewSources does. Locked in order.
WITH theirs AS (
    SELECT s.id FROM sources s
    WHERE s.id IN (SELECT a.source_id FROM client_accounts a WHERE a.client_id = @client_id)
      AND s.next_poll_at IS NOT NULL AND s.failures = 0
    ORDER BY s.id FOR NO KEY UPDATE
)
UPDATE sources SET lease_token = NULL, next_poll_at = clock_timestamp() FROM theirs WHERE sources.id = theirs.id;

-- name: ListKnownChannels :many
-- guild.Registry: channels as last seen, in Discord's order. Primary key.
SELECT id, name, type, position, can_send, paused_at FROM guild_channels
WHERE client_id = @client_id ORDER BY position, id;

-- name: GetKnownChannel :one
-- guild.ChooseChannel. Primary key.
SELECT id, name, type, can_send, paused_at FROM guild_channels WHERE client_id = @client_id AND id = @id;

-- name: UpsertChannels :exec
-- guild.Registry: channels as seen now, in one statement. Primary key.
INSERT INTO guild_channels (client_id, id, name, type, position, can_send, seen_at)
SELECT @client_id, c.id, c.name, c.type, c.position, c.can_send, now()
FROM jsonb_to_recordset(@channels::jsonb) AS c (id text, name text, type text, position integer, can_send boolean)
ON CONFLICT (client_id, id) DO UPDATE SET name = excluded.name, type = excluded.type, position = excluded.position,
    can_send = excluded.can_send, seen_at = excluded.seen_at;

-- name: ForgetChannel :one
-- guild.Registry: a channel was deleted. Tells what pointed to it; routes go by foreign key. Primary keys.
WITH routed AS (
    SELECT count(*) AS routes FROM routes r WHERE r.client_id = @client_id AND r.channel_id = @id
), settings AS (
    UPDATE guild_settings SET default_channel_id = NULL, version = version + 1, updated_at = now()
    WHERE guild_settings.client_id = @client_id AND default_channel_id = @id RETURNING 1
), accounts AS (
    UPDATE client_accounts SET channel_id = NULL, updated_at = now()
    WHERE client_accounts.client_id = @client_id AND client_accounts.channel_id = @id RETURNING 1
), gone AS (
    DELETE FROM guild_channels WHERE guild_channels.client_id = @client_id AND guild_channels.id = @id RETURNING name
)
SELECT coalesce((SELECT name FROM gone), '')::text AS name,
       EXISTS (SELECT FROM settings) AS was_default,
       (SELECT count(*) FROM accounts) AS accounts,
       (SELECT routes FROM routed) AS routes;

-- name: ListKnownRoles :many
-- guild.Registry: roles as last seen. Primary key.
SELECT id, permissions FROM guild_roles WHERE client_id = @client_id;

-- name: UpsertRoles :exec
-- guild.Registry: roles as seen now, in one statement. Primary key.
INSERT INTO guild_roles (client_id, id, name, color, mentionable, position, permissions, seen_at)
SELECT @client_id, r.id, r.name, r.color, r.mentionable, r.position, r.permissions, now()
FROM jsonb_to_recordset(@roles::jsonb) AS r (id text, name text, color integer, mentionable boolean, position integer, permissions text)
ON CONFLICT (client_id, id) DO UPDATE SET name = excluded.name, color = excluded.color, mentionable = excluded.mentionable,
    position = excluded.position, permissions = excluded.permissions, seen_at = excluded.seen_at;

-- name: DeleteRoles :exec
-- guild.Registry: roles that are gone. Primary key.
DELETE FROM guild_roles WHERE client_id = @client_id AND id = ANY (@ids::text[]);

-- name: DropGuildRights :exec
-- guild.Registry: rights in this guild have changed; writes ask Discord again. Each time leaves another value, so that
-- ConfirmUserGuild knows of it. Index user_guilds_by_guild.
UPDATE user_guilds SET confirmed_at = least(confirmed_at - interval '1 microsecond', 'epoch'), unconfirmed_at = clock_timestamp()
WHERE guild_id = @guild_id;

-- name: Beat :exec
-- guild: a bot's sign of life, in its scope; without a count, with the guilds it is known to be in.
-- Primary key, index clients_by_bot.
INSERT INTO bot_health (id, last_heartbeat, shard_count, guild_count, status, version)
SELECT @id, clock_timestamp(), @shard_count,
    coalesce(sqlc.narg(guild_count)::integer, (SELECT count(*) FROM clients WHERE bot_id = @id AND removed_at IS NULL)), @status, @version
ON CONFLICT (id) DO UPDATE SET last_heartbeat = excluded.last_heartbeat, shard_count = excluded.shard_count,
    guild_count = excluded.guild_count, status = excluded.status, version = excluded.version, updated_at = clock_timestamp();

-- name: GetGatewaySession :one
-- Bot: where a shard resumes, whatever the number of shards was. Primary key's prefix.
SELECT * FROM gateway_sessions WHERE bot_id = @bot_id AND shard_id = @shard_id ORDER BY updated_at DESC LIMIT 1;

-- name: PutGatewaySession :exec
-- Bot, about once a second and shard. Primary key.
INSERT INTO gateway_sessions (bot_id, shard_id, shard_count, session_id, sequence, resume_url)
VALUES (@bot_id, @shard_id, @shard_count, @session_id, @sequence, @resume_url)
ON CONFLICT (bot_id, shard_id, shard_count) DO UPDATE SET session_id = excluded.session_id,
    sequence = excluded.sequence, resume_url = excluded.resume_url, updated_at = now();

-- name: DeleteGatewaySessions :exec
-- Bot: the session cannot be resumed. Primary key's prefix.
DELETE FROM gateway_sessions WHERE bot_id = @bot_id AND shard_id = @shard_id;

-- name: ReplaceSettings :one
-- guild.Registry: all settings at once. Primary key.
UPDATE guild_settings SET timezone = @timezone, locale = @locale, notifications_enabled = @notifications_enabled,
    default_channel_id = sqlc.narg(default_channel_id), mention_role_id = sqlc.narg(mention_role_id),
    quiet_hours_start = sqlc.narg(quiet_hours_start), quiet_hours_end = sqlc.narg(quiet_hours_end), digest = @digest,
    dashboard_access = @dashboard_access, embed_color = @embed_color, breakout_factor = sqlc.narg(breakout_factor),
    weekly_scorecard = @weekly_scorecard,
    version = version + 1, updated_at = now()
WHERE client_id = @client_id RETURNING *;

-- name: GetMentionableRole :one
-- guild.Registry: a role that is to be mentioned. Everyone's has the guild's id. Primary keys.
SELECT r.id, (r.id = c.guild_id)::boolean AS is_everyone FROM guild_roles r JOIN clients c ON c.id = r.client_id
WHERE r.client_id = @client_id AND r.id = @id;

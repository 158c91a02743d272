-- name: InsertLoginFlow :exec
-- Login start. Primary key.
INSERT INTO login_flows (id, state_hash, discord_verifier, challenge, dashboard_state, return_to, expires_at)
VALUES (@id, @state_hash, @discord_verifier, @challenge, @dashboard_state, @return_to,
    clock_timestamp() + make_interval(secs => @ttl_seconds::float8));

-- name: ConsumeLoginFlow :one
-- Login callback: the one statement that admits a state, once. Unique index on state_hash.
UPDATE login_flows SET used_at = clock_timestamp()
WHERE state_hash = @state_hash AND used_at IS NULL AND expires_at > clock_timestamp()
RETURNING discord_verifier, challenge, dashboard_state, return_to, used_at::timestamptz AS used_at;

-- name: UpsertUser :exec
-- Login callback; its row lock also orders concurrent writers of the user's guild list. Primary key.
INSERT INTO users (id, username, global_name, avatar_hash)
VALUES (@id, @username, @global_name, @avatar_hash)
ON CONFLICT (id) DO UPDATE SET username = excluded.username, global_name = excluded.global_name,
    avatar_hash = excluded.avatar_hash, updated_at = clock_timestamp();

-- name: UpsertDiscordGrant :exec
-- Login callback: the newest authorization replaces the one before. Primary key.
INSERT INTO discord_grants (user_id, access_token, refresh_token, scope, expires_at)
VALUES (@user_id, @access_token, @refresh_token, @scope, @expires_at)
ON CONFLICT (user_id) DO UPDATE SET access_token = excluded.access_token, refresh_token = excluded.refresh_token,
    scope = excluded.scope, expires_at = excluded.expires_at, updated_at = clock_timestamp();

-- name: GetDiscordGrant :one
-- Guild list refresh. Primary key.
SELECT access_token, refresh_token, scope, expires_at FROM discord_grants WHERE user_id = @user_id;

-- name: ReplaceDiscordGrant :execrows
-- Guild list refresh: stores renewed tokens unless a login has stored newer ones meanwhile. Primary key.
UPDATE discord_grants SET access_token = @access_token, refresh_token = @refresh_token, scope = @scope,
    expires_at = @expires_at, updated_at = clock_timestamp()
WHERE user_id = @user_id AND refresh_token = @old_refresh_token;

-- name: ListSealedGrants :many
-- Rotation of ENCRYPTION_KEY: a batch of all grants, to find those of an older key. Primary key.
SELECT user_id, access_token, refresh_token FROM discord_grants
WHERE user_id > @after::text ORDER BY user_id LIMIT @batch;

-- name: ResealDiscordGrant :execrows
-- Rotation of ENCRYPTION_KEY: the same tokens sealed anew, unless a renewal or login has stored others meanwhile. The
-- authorization is as old as it was. Primary key.
UPDATE discord_grants SET access_token = @access_token, refresh_token = @refresh_token
WHERE user_id = @user_id AND access_token = @old_access_token AND refresh_token = @old_refresh_token;

-- name: ListSessionTokens :many
-- Rotation of ENCRYPTION_KEY: a batch of the sessions that may still be refreshed, to tell which key made their
-- tokens. Primary key.
SELECT id, salt, generation, refresh_token_hash FROM dashboard_sessions
WHERE id > @after::uuid AND revoked_at IS NULL AND expires_at > clock_timestamp()
    AND last_used_at > clock_timestamp() - make_interval(secs => @idle_seconds::float8)
ORDER BY id LIMIT @batch;

-- name: DeleteDiscordGrant :exec
-- Guild list refresh: Discord refused this refresh token for good. Primary key.
DELETE FROM discord_grants WHERE user_id = @user_id AND refresh_token = @refresh_token;

-- name: DropDiscordGrant :exec
-- Deauthorization at Discord: not the grant of a later sign-in. Primary key.
DELETE FROM discord_grants WHERE user_id = @user_id AND updated_at <= @until::timestamptz;

-- name: ClaimGuildSync :one
-- Guild list refresh: at most one replica asks Discord for a user's guilds within the interval. Primary key.
UPDATE users SET guilds_attempted_at = clock_timestamp()
WHERE id = @id
    AND coalesce(guilds_confirmed_at, '-infinity') < clock_timestamp() - make_interval(secs => @interval_seconds::float8)
    AND coalesce(guilds_attempted_at, '-infinity') < clock_timestamp() - make_interval(secs => @interval_seconds::float8)
RETURNING guilds_attempted_at::timestamptz AS claimed_at;

-- name: ConfirmUserGuilds :execrows
-- Login callback and guild list refresh: no row when a later answer of Discord is already stored. Primary key.
UPDATE users SET guilds_confirmed_at = @confirmed_at::timestamptz
WHERE id = @id AND coalesce(guilds_confirmed_at, '-infinity') < @confirmed_at::timestamptz;

-- name: DeleteUserGuildsExcept :exec
-- Login callback and guild list refresh: guilds the user has left. Primary key.
DELETE FROM user_guilds WHERE user_id = @user_id AND NOT guild_id = ANY (@guild_ids::text[]);

-- name: UpsertUserGuilds :exec
-- Login callback and guild list refresh: all guilds in one statement; an empty hash stands for no icon. Rights that became
-- uncertain since the list was asked for stay so. Primary key.
INSERT INTO user_guilds (user_id, guild_id, name, icon_hash, is_owner, permissions, confirmed_at)
SELECT @user_id, unnest(@guild_ids::text[]), unnest(@names::text[]), nullif(unnest(@icon_hashes::text[]), ''),
    unnest(@is_owner::boolean[]), unnest(@permissions::text[]), @confirmed_at::timestamptz
ON CONFLICT (user_id, guild_id) DO UPDATE SET name = excluded.name, icon_hash = excluded.icon_hash,
    is_owner = excluded.is_owner, permissions = excluded.permissions,
    confirmed_at = CASE WHEN user_guilds.unconfirmed_at > excluded.confirmed_at THEN user_guilds.confirmed_at ELSE excluded.confirmed_at END;

-- name: GetUserProfile :one
-- Token issue, /auth/me and the guild list. Primary key; the grant's for its existence.
SELECT u.id, u.username, u.global_name, u.avatar_hash,
    coalesce(greatest(u.guilds_confirmed_at, u.guilds_attempted_at), '-infinity')
        < clock_timestamp() - make_interval(secs => @fresh_seconds::float8) AS sync_due,
    coalesce(u.guilds_confirmed_at, '-infinity')
        < clock_timestamp() - make_interval(secs => @stale_seconds::float8) AS too_old,
    EXISTS (SELECT FROM discord_grants d WHERE d.user_id = u.id) AS has_grant
FROM users u WHERE u.id = @id;

-- name: ListUserGuilds :many
-- Token issue, /auth/me and the guild list: most recently used first. Primary key of user_guilds (at most 200 rows).
SELECT guild_id, name, icon_hash, is_owner, permissions, confirmed_at
FROM user_guilds WHERE user_id = @user_id
ORDER BY last_used_at DESC NULLS LAST, guild_id;

-- name: ListDirectory :many
-- Which of these guilds have a client, in directory scope. Unique index on guild_id.
SELECT c.id, c.guild_id, coalesce(s.dashboard_access, 'managers') AS dashboard_access
FROM clients c LEFT JOIN guild_settings s ON s.client_id = c.id
WHERE c.guild_id = ANY (@guild_ids::text[]) AND c.removed_at IS NULL;

-- name: GetGuildAccess :one
-- Authorization of a request to a guild, in directory scope: one round trip. Primary keys, unique index on clients.guild_id.
SELECT c.id AS client_id, s.dashboard_access, s.timezone, c.suspended_reason, ug.is_owner, ug.permissions, ug.confirmed_at,
    coalesce(ug.last_used_at, '-infinity') < clock_timestamp() - make_interval(secs => @touch_seconds::float8) AS touch_due,
    coalesce(greatest(u.guilds_confirmed_at, u.guilds_attempted_at), '-infinity')
        < clock_timestamp() - make_interval(secs => @fresh_seconds::float8) AS sync_due,
    coalesce(u.guilds_confirmed_at, '-infinity')
        < clock_timestamp() - make_interval(secs => @stale_seconds::float8) AS too_old,
    EXISTS (SELECT FROM discord_grants d WHERE d.user_id = u.id) AS has_grant
FROM users u
LEFT JOIN user_guilds ug ON ug.user_id = u.id AND ug.guild_id = @guild_id
LEFT JOIN clients c ON c.guild_id = @guild_id AND c.removed_at IS NULL
LEFT JOIN guild_settings s ON s.client_id = c.id
WHERE u.id = @user_id;

-- name: ConfirmUserGuild :exec
-- Live check of rights before a change: replaces the row that was found too old, and no newer one. Primary key.
UPDATE user_guilds SET is_owner = @is_owner, permissions = @permissions, confirmed_at = clock_timestamp()
WHERE user_id = @user_id AND guild_id = @guild_id AND confirmed_at = @seen_at::timestamptz;

-- name: DeleteUserGuild :exec
-- Live check of rights before a change: the user has left the guild. Primary key.
DELETE FROM user_guilds WHERE user_id = @user_id AND guild_id = @guild_id AND confirmed_at = @seen_at::timestamptz;

-- name: TouchUserGuild :exec
-- Authorization of a request: which guilds a user uses, for the cap of guilds in a token. Primary key.
UPDATE user_guilds SET last_used_at = clock_timestamp() WHERE user_id = @user_id AND guild_id = @guild_id;

-- name: InsertLoginCode :exec
-- Login callback. Primary key.
INSERT INTO login_codes (code_hash, user_id, challenge, user_agent, ip_address, expires_at)
VALUES (@code_hash, @user_id, @challenge, @user_agent, @ip_address,
    clock_timestamp() + make_interval(secs => @ttl_seconds::float8));

-- name: ConsumeLoginCode :one
-- Exchange: the one statement that admits a login code, once. Primary key.
UPDATE login_codes SET used_at = clock_timestamp()
WHERE code_hash = @code_hash AND used_at IS NULL AND expires_at > clock_timestamp()
RETURNING user_id, challenge, user_agent, ip_address;

-- name: LinkLoginCode :exec
-- Exchange: remembers which session a second use of the code must end. Primary key.
UPDATE login_codes SET session_id = @session_id::uuid WHERE code_hash = @code_hash;

-- name: GetLoginCodeSession :one
-- Exchange of a code that was not admitted: the session of its first use. Primary key.
SELECT session_id FROM login_codes WHERE code_hash = @code_hash;

-- name: InsertSession :one
-- Exchange. Primary key.
INSERT INTO dashboard_sessions (id, user_id, refresh_token_hash, salt, user_agent, ip_address, expires_at)
VALUES (@id, @user_id, @refresh_token_hash, @salt, @user_agent, @ip_address,
    clock_timestamp() + make_interval(secs => @ttl_seconds::float8))
RETURNING expires_at;

-- name: GetSession :one
-- Refresh and logout: what a presented refresh token is checked against. Primary key.
SELECT id, user_id, salt, generation, expires_at, revoked_at FROM dashboard_sessions WHERE id = @id;

-- name: RotateSession :execrows
-- Refresh: the compare-and-set that lets one caller take a generation forward. Primary key.
UPDATE dashboard_sessions SET generation = generation + 1, previous_hash = refresh_token_hash,
    refresh_token_hash = @next_hash, rotation_idempotency_hash = @idempotency_hash,
    rotated_at = clock_timestamp(), last_used_at = clock_timestamp()
WHERE id = @id AND generation = @generation AND refresh_token_hash = @presented_hash AND revoked_at IS NULL
    AND expires_at > clock_timestamp() AND last_used_at > clock_timestamp() - make_interval(secs => @idle_seconds::float8);

-- name: LockSession :one
-- Refresh that did not rotate: the session it is judged by, locked until the judgement is stored. Primary key.
SELECT generation, salt, refresh_token_hash, previous_hash, rotation_idempotency_hash, revoked_at,
    (expires_at <= clock_timestamp() OR last_used_at <= clock_timestamp() - make_interval(secs => @idle_seconds::float8))::boolean AS ended,
    coalesce(extract(epoch FROM clock_timestamp() - rotated_at), 0)::float8 AS seconds_since_rotation
FROM dashboard_sessions WHERE id = @id FOR UPDATE;

-- name: RevokeSession :execrows
-- Logout, replay of a code or refresh token. Primary key.
UPDATE dashboard_sessions SET revoked_at = clock_timestamp(), revoked_reason = @reason
WHERE id = @id AND revoked_at IS NULL;

-- name: RevokeUserSessions :exec
-- Logout everywhere. Index dashboard_sessions_by_user.
UPDATE dashboard_sessions SET revoked_at = clock_timestamp(), revoked_reason = @reason
WHERE user_id = @user_id AND revoked_at IS NULL;

-- name: RevokeUserSessionsUntil :many
-- Deauthorization at Discord: not the sessions of a later sign-in. Index dashboard_sessions_by_user.
UPDATE dashboard_sessions SET revoked_at = clock_timestamp(), revoked_reason = @reason
WHERE user_id = @user_id AND revoked_at IS NULL AND created_at <= @until::timestamptz
RETURNING id;

-- name: EndUserSession :execrows
-- A user ends one of their sessions: no row when it is not theirs. Primary key.
UPDATE dashboard_sessions SET revoked_at = coalesce(revoked_at, clock_timestamp()),
    revoked_reason = coalesce(revoked_reason, 'ended_by_user')
WHERE id = @id AND user_id = @user_id;

-- name: GetLiveSession :one
-- Authentication of every request (cached for seconds) and /auth/me. Primary key.
SELECT id, created_at, expires_at FROM dashboard_sessions
WHERE id = @id AND user_id = @user_id AND revoked_at IS NULL AND expires_at > clock_timestamp();

-- name: ListLiveSessions :many
-- A user's own sessions, newest first; ids are UUIDv7. Index dashboard_sessions_by_user.
SELECT id, user_agent, ip_address, created_at, last_used_at, expires_at FROM dashboard_sessions
WHERE user_id = @user_id AND revoked_at IS NULL AND expires_at > clock_timestamp()
    AND last_used_at > clock_timestamp() - make_interval(secs => @idle_seconds::float8)
    AND (sqlc.narg('before')::uuid IS NULL OR id < sqlc.narg('before')::uuid)
ORDER BY id DESC LIMIT @max_rows::int;

-- name: DeleteOldLoginFlows :exec
-- Housekeeping. Index login_flows_by_expiry.
DELETE FROM login_flows WHERE expires_at < clock_timestamp() - interval '1 hour';

-- name: DeleteOldLoginCodes :exec
-- Housekeeping; a day, so that a late second use still ends its session. Index login_codes_by_expiry.
DELETE FROM login_codes WHERE expires_at < clock_timestamp() - interval '1 day';

-- name: DeleteOldSessions :exec
-- Housekeeping; a month after their end, so that a late replay is still told from rubbish. Sequential, once an hour.
DELETE FROM dashboard_sessions WHERE expires_at < clock_timestamp() - interval '30 days';

-- name: NoteJWTKey :one
-- API at its start: since when the key that signs has been in use. Primary key.
INSERT INTO jwt_keys (kid) VALUES (@kid) ON CONFLICT (kid) DO UPDATE SET kid = excluded.kid
RETURNING first_used_at;

-- name: GetUser :one
-- What is held of a person. Primary key.
SELECT * FROM users WHERE id = @id;

-- name: GetDiscordGrantOrigin :one
-- What is held of a person: that there is a grant. Primary key.
SELECT scope, expires_at, updated_at FROM discord_grants WHERE user_id = @user_id;

-- name: ListHeldGuilds :many
-- What is held of a person. Primary key of user_guilds (at most 200 rows).
SELECT * FROM user_guilds WHERE user_id = @user_id ORDER BY guild_id;

-- name: ListHeldSessions :many
-- What is held of a person: ended sessions too. Index dashboard_sessions_by_user.
SELECT id, user_agent, ip_address, created_at, last_used_at, expires_at, revoked_at, revoked_reason
FROM dashboard_sessions WHERE user_id = @user_id ORDER BY id DESC;

-- name: ListHeldSignIns :many
-- What is held of a person: sign-ins of the last day. Sequential over the codes of a day; a person seldom asks.
SELECT user_agent, ip_address, created_at, expires_at, used_at FROM login_codes WHERE user_id = @user_id ORDER BY created_at DESC;

-- name: ListHeldActions :many
-- What is held of a person: their entries in the logs of all tenants, in the person's scope. What they changed belongs to
-- the tenants. Index audit_log_by_actor.
SELECT guild_id, created_at, action, target_type, source, ip_address, user_agent, actor_name FROM audit_log
WHERE actor_id = @user_id AND actor_type = 'user' ORDER BY created_at DESC LIMIT @max_rows;

-- name: CountHeldActions :one
-- As ListHeldActions.
SELECT count(*) FROM audit_log WHERE actor_id = @user_id AND actor_type = 'user';

-- name: DeleteUser :execrows
-- A person leaves: grant, guilds, codes and sessions follow. Primary key.
DELETE FROM users WHERE id = @id;

-- name: RequestErasureOfPerson :exec
-- A person leaves: the worker takes their traces out of the tenants' rows. Primary key.
INSERT INTO account_erasures (user_id, requested_at) VALUES (@user_id, clock_timestamp())
ON CONFLICT (user_id) DO UPDATE SET requested_at = excluded.requested_at;

-- name: FindAPIKey :one
-- apikey.Service, authentication: a live key by its public part, in the key's scope. Unique index on key_id.
SELECT client_id, id, name, secret_hash, scopes, coalesce(last_used_at, '-infinity') < clock_timestamp() - interval '1 minute' AS use_due
FROM api_keys
WHERE key_id = @key_id AND revoked_at IS NULL AND coalesce(expires_at, created_at + interval '1 year') > clock_timestamp();

-- name: GetAPIKeyGuild :one
-- apikey.Service, authentication: the guild of a key, in tenant scope. Primary keys.
SELECT c.guild_id, s.timezone, coalesce(c.suspended_reason, '')::text AS suspended FROM clients c JOIN guild_settings s ON s.client_id = c.id
WHERE c.id = @client_id AND c.removed_at IS NULL;

-- name: IsAPIKeyLive :one
-- apikey.Service, streams: whether a key that was let in still counts. Primary keys.
SELECT EXISTS (SELECT FROM api_keys k JOIN clients c ON c.id = k.client_id
    WHERE k.client_id = @client_id AND k.id = @id AND k.revoked_at IS NULL AND c.active
        AND coalesce(k.expires_at, k.created_at + interval '1 year') > clock_timestamp());

-- name: TouchAPIKey :exec
-- apikey.Service: that a key was used, once a minute whatever the number of processes. Primary key.
UPDATE api_keys SET last_used_at = clock_timestamp()
WHERE client_id = @client_id AND id = @id AND coalesce(last_used_at, '-infinity') < clock_timestamp() - interval '1 minute';

-- name: LockAPIKeys :one
-- apikey.Service, making one: the tenant's row orders those who make keys, so that the bound holds. Primary key, index api_keys_live.
SELECT (SELECT count(*) FROM api_keys k WHERE k.client_id = c.id AND k.revoked_at IS NULL
    AND coalesce(k.expires_at, k.created_at + interval '1 year') > clock_timestamp()) AS live
FROM clients c WHERE c.id = @client_id FOR NO KEY UPDATE OF c;

-- name: InsertAPIKey :one
-- apikey.Service. Primary keys. The end is at most a year away whatever was asked for.
INSERT INTO api_keys (client_id, id, key_id, secret_hash, name, scopes, created_by, expires_at)
VALUES (@client_id, @id, @key_id, @secret_hash, @name, @scopes, @created_by,
    least(coalesce(sqlc.narg(expires_at)::timestamptz, 'infinity'), clock_timestamp() + interval '1 year'))
RETURNING id, key_id, name, scopes, created_by, coalesce((SELECT coalesce(nullif(u.global_name, ''), u.username) FROM users u WHERE u.id = created_by), '')::text AS created_by_name,
    created_at, expires_at::timestamptz AS expires_at;

-- name: ListAPIKeys :many
-- apikey.Service: a tenant's live keys, newest first; ids are UUIDv7. Who made one is no name any more once they are
-- erased. Index api_keys_live; primary key of users.
SELECT k.id, k.key_id, k.name, k.scopes, k.created_by, coalesce(nullif(u.global_name, ''), u.username, '')::text AS created_by_name,
    k.created_at, coalesce(k.expires_at, k.created_at + interval '1 year')::timestamptz AS expires_at, k.last_used_at
FROM api_keys k LEFT JOIN users u ON u.id = k.created_by
WHERE k.client_id = @client_id AND k.revoked_at IS NULL AND coalesce(k.expires_at, k.created_at + interval '1 year') > clock_timestamp()
    AND k.id < coalesce(sqlc.narg(before)::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
ORDER BY k.id DESC LIMIT @max_rows::int;

-- name: RevokeAPIKey :one
-- apikey.Service: no row when it is not there or revoked already. Primary key.
UPDATE api_keys SET revoked_at = clock_timestamp()
WHERE client_id = @client_id AND id = @id AND revoked_at IS NULL
RETURNING name, key_id, scopes;

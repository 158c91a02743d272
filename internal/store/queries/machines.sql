-- name: UseNonce :execrows
-- signed.Verifier: 1 for the first use, 0 for a replay, on whatever replica and however close together. Primary key.
INSERT INTO request_nonces (key_id, nonce) VALUES (@key_id, @nonce) ON CONFLICT DO NOTHING;

-- name: SweepNonces :exec
-- signed.Verifier: nonces whose signatures have long been too old. Index request_nonces_by_age.
DELETE FROM request_nonces WHERE seen_at < now() - interval '10 minutes';

-- name: GetGuildConfig :one
-- guild.Reports: settings and plan for a bot. Primary keys.
SELECT sqlc.embed(s), sqlc.embed(e)
FROM guild_settings s
JOIN entitlements e ON e.client_id = s.client_id
WHERE s.client_id = @client_id;

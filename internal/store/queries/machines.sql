-- name: UseNonce :execrows
-- signed.Verifier: 1 for the first use, 0 for a replay, on whatever replica and however close together. Primary key.
INSERT INTO request_nonces (key_id, nonce) VALUES (@key_id, @nonce) ON CONFLICT DO NOTHING;

-- name: SweepNonces :exec
-- signed.Verifier: nonces whose signatures have long been too old. Index request_nonces_by_age.
DELETE FROM request_nonces WHERE seen_at < now() - interval '10 minutes';

-- name: ReportBeat :exec
-- guild.Reports: the sign of life of a bot that counts its guilds itself. Primary key.
INSERT INTO bot_health (id, last_heartbeat, shard_count, guild_count, status, version)
VALUES ('main', clock_timestamp(), @shard_count, @guild_count, @status, @version)
ON CONFLICT (id) DO UPDATE SET last_heartbeat = excluded.last_heartbeat, shard_count = excluded.shard_count,
    guild_count = excluded.guild_count, status = excluded.status, version = excluded.version, updated_at = clock_timestamp();

-- name: GetGuildConfig :one
-- guild.Reports: settings and plan for a bot. Primary keys.
SELECT sqlc.embed(s), sqlc.embed(p)
FROM guild_settings s
JOIN subscriptions b ON b.client_id = s.client_id
JOIN plans p ON p.tier = b.tier
WHERE s.client_id = @client_id;

-- name: LockAuditHead :one
-- audit.Append: the end of a tenant's chain, held until the commit so that seq has no gap. Primary keys.
SELECT h.seq, h.hash, h.salt, c.guild_id
FROM audit_heads h JOIN clients c ON c.id = h.client_id
WHERE h.client_id = @client_id
FOR UPDATE OF h;

-- name: StartAuditHead :exec
-- audit.Append: the first entry of a tenant. Another transaction may be starting the chain too.
INSERT INTO audit_heads (client_id, seq, hash, salt) VALUES (@client_id, 0, @hash, @salt)
ON CONFLICT (client_id) DO NOTHING;

-- name: AppendAudit :exec
-- audit.Append: the entry and the new end of the chain in one round trip.
WITH head AS (
    UPDATE audit_heads SET seq = @seq, hash = @hash WHERE client_id = @client_id
)
INSERT INTO audit_log (client_id, seq, id, created_at, guild_id, actor_id, actor_type, actor_name, action,
                       target_type, target_id, changes, source, request_id, ip_address, user_agent,
                       origin_hash, previous, hash, actor_alias, actor_hash)
VALUES (@client_id, @seq, @id, @created_at, @guild_id, @actor_id, @actor_type, @actor_name, @action,
        @target_type, @target_id, @changes, @source, @request_id, sqlc.narg(ip_address), @user_agent,
        @origin_hash, @previous, @hash, @actor_alias, @actor_hash);

-- name: GetAuditEnds :one
-- audit.Verify: the last entry, then the head. An honest head is never behind an entry seen before it.
SELECT coalesce((SELECT max(seq) FROM audit_log l WHERE l.client_id = c.id), 0)::bigint AS last_seq,
       coalesce(h.seq, 0)::bigint AS head_seq, h.hash AS head_hash, h.salt
FROM clients c LEFT JOIN audit_heads h ON h.client_id = c.id
WHERE c.id = @client_id;

-- name: ListAuditChain :many
-- audit.Verify: a tenant's entries in the order of the chain. Primary key.
SELECT * FROM audit_log
WHERE client_id = @client_id AND seq > @after_seq AND seq <= @last_seq
ORDER BY seq
LIMIT @max_rows;

-- name: EraseAuditOrigins :execrows
-- Operator, audit.Erase: addresses and user agents of a tenant's entries, of one actor or up to a time where given.
-- Primary key's prefix; seldom.
UPDATE audit_log SET ip_address = NULL, user_agent = ''
WHERE client_id = @client_id AND (ip_address IS NOT NULL OR user_agent <> '')
  AND actor_id = coalesce(sqlc.narg(actor_id)::text, actor_id)
  AND created_at < coalesce(sqlc.narg(before)::timestamptz, 'infinity');

-- name: ListAuditEntries :many
-- API: a tenant's log, newest first. Index audit_log_by_client_time.
SELECT * FROM audit_log
WHERE client_id = @client_id AND created_at >= @from_time::timestamptz
  AND (created_at, id) < (@before_time::timestamptz, @before_id::uuid)
  AND coalesce(actor_id = sqlc.narg(actor_id)::text, true)
  AND coalesce(action = sqlc.narg(action)::text, true)
  AND coalesce(target_type = sqlc.narg(target_type)::text, true)
ORDER BY created_at DESC, id DESC LIMIT @max_rows;

-- name: GetAuditIntegrity :one
-- API: how long a tenant's chain is and what was found when it was last checked. Primary keys.
SELECT h.seq AS head_seq, coalesce(c.seq, 0)::bigint AS checked_seq, coalesce(c.broken_seq, 0)::bigint AS broken_seq,
       coalesce(c.checked_at, 'epoch')::timestamptz AS checked_at, coalesce(c.whole_at, 'epoch')::timestamptz AS whole_at, h.salt
FROM audit_heads h LEFT JOIN audit_checks c ON c.client_id = h.client_id
WHERE h.client_id = @client_id;

-- name: ListAuditChecksDue :many
-- audit.Checker: tenants whose log has grown since the last check, or whose whole log was not checked for a day. Not those
-- that are being erased, or will be before the round is over: their logs go entry by entry. A row a tenant: few enough for a scan.
SELECT h.client_id, coalesce(c.seq, 0)::bigint AS seq, coalesce(c.hash, '')::bytea AS hash, coalesce(c.whole_at, 'epoch')::timestamptz AS whole_at,
       (c.client_id IS NULL OR c.whole_at < @whole_before::timestamptz)::boolean AS whole
FROM audit_heads h
JOIN clients t ON t.id = h.client_id AND coalesce(t.erase_at > clock_timestamp() + interval '10 minutes', true)
LEFT JOIN audit_checks c ON c.client_id = h.client_id
WHERE c.client_id IS NULL OR c.whole_at < @whole_before OR (c.seq < h.seq AND c.broken_seq IS NULL)
ORDER BY c.checked_at NULLS FIRST LIMIT @max_clients;

-- name: PutAuditCheck :exec
-- audit.Checker. Primary key.
INSERT INTO audit_checks (client_id, seq, hash, broken_seq, checked_at, whole_at)
VALUES (@client_id, @seq, @hash, nullif(@broken_seq::bigint, 0), @checked_at, @whole_at)
ON CONFLICT (client_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, broken_seq = excluded.broken_seq,
    checked_at = excluded.checked_at, whole_at = excluded.whole_at;

-- name: CountOpenExports :one
-- API, order of an export: how many of the tenant's wait or are being made. Index exports_to_make.
SELECT count(*) FROM exports WHERE client_id = @client_id AND state IN ('queued', 'running');

-- name: LockExportOrders :one
-- API, order of an export: one order of a tenant at a time, so that neither the cap nor an idempotency key
-- is overshot. Primary key.
SELECT client_id FROM subscriptions WHERE client_id = @client_id FOR UPDATE;

-- name: ForgetExportKeys :exec
-- API, order of an export: idempotency keys count for a day. Unique index on (client_id, idempotency_key).
UPDATE exports SET idempotency_key = NULL
WHERE client_id = @client_id AND idempotency_key IS NOT NULL AND created_at < now() - interval '24 hours';

-- name: GetExportByKey :one
-- API, order of an export: the one that this idempotency key made. Unique index on (client_id, idempotency_key).
SELECT * FROM exports WHERE client_id = @client_id AND idempotency_key = @idempotency_key::text;

-- name: InsertExport :one
-- API, order of an export. Primary key.
INSERT INTO exports (client_id, id, kind, format, filters, from_time, to_time, row_limit, idempotency_key, requested_by)
VALUES (@client_id, @id, @kind, @format, @filters, sqlc.narg(from_time), sqlc.narg(to_time), @row_limit,
        sqlc.narg(idempotency_key), @requested_by)
RETURNING *;

-- name: ListExports :many
-- API: exports, newest first; ids are UUIDv7. Primary key, backwards.
SELECT * FROM exports WHERE client_id = @client_id AND id < @before_id::uuid ORDER BY id DESC LIMIT @max_rows;

-- name: GetExport :one
-- API: one export. Primary key.
SELECT * FROM exports WHERE client_id = @client_id AND id = @export_id;

-- name: DeleteExport :one
-- API: takes an export back; whoever makes it notices. Primary key.
DELETE FROM exports WHERE client_id = @client_id AND id = @export_id
RETURNING kind, format, location;

-- name: LockExportClaims :exec
-- Worker, before a claim: the next one sees what this one takes. The lock ends with the transaction.
SELECT pg_advisory_xact_lock(@key::bigint);

-- name: ClaimExport :one
-- Worker: the next export to make, one a tenant at a time, tenants in the order of their last one.
-- Index exports_to_make; what waits is little.
UPDATE exports SET state = 'running', lease_token = @lease_token::uuid, rows = 0, bytes = 0, attempts = exports.attempts + 1,
    lease_until = clock_timestamp() + make_interval(secs => @lease_seconds::float8)
WHERE (client_id, id) = (
    SELECT e.client_id, e.id FROM exports e
    WHERE e.state IN ('queued', 'running') AND e.not_before <= clock_timestamp()
      AND (e.state = 'queued' OR e.lease_until <= clock_timestamp())
      AND NOT EXISTS (SELECT FROM exports o WHERE o.client_id = e.client_id AND o.state = 'running' AND o.lease_until > clock_timestamp())
    ORDER BY (SELECT max(l.finished_at) FROM exports l WHERE l.client_id = e.client_id) NULLS FIRST, e.created_at, e.id
    LIMIT 1 FOR UPDATE OF e SKIP LOCKED)
RETURNING *;

-- name: ProgressExport :execrows
-- Worker: tells how far an export is and keeps its lease; no row when it was deleted or taken over. Primary key.
UPDATE exports SET rows = @rows, lease_until = clock_timestamp() + make_interval(secs => @lease_seconds::float8)
WHERE client_id = @client_id AND id = @export_id AND lease_token = @lease_token::uuid AND state = 'running';

-- name: FinishExport :execrows
-- Worker: the file is complete. No row when the export was deleted or taken over. Primary key.
UPDATE exports SET state = 'done', rows = @rows, bytes = @bytes, location = @location::text, error = NULL,
    lease_token = NULL, lease_until = NULL, finished_at = clock_timestamp(),
    expires_at = clock_timestamp() + make_interval(secs => @keep_seconds::float8)
WHERE client_id = @client_id AND id = @export_id AND lease_token = @lease_token::uuid AND state = 'running';

-- name: MeterExport :exec
-- Worker: counts a finished export, in its transaction. Primary key.
INSERT INTO usage_daily (client_id, day, exports) VALUES (@client_id, (clock_timestamp() AT TIME ZONE 'UTC')::date, 1)
ON CONFLICT (client_id, day) DO UPDATE SET exports = usage_daily.exports + 1;

-- name: ReturnExport :exec
-- Worker: gives an export back, to be tried again after a while. Primary key.
UPDATE exports SET state = 'queued', rows = 0, lease_token = NULL, lease_until = NULL, attempts = attempts - @uncounted::int,
    not_before = clock_timestamp() + make_interval(secs => @delay_seconds::float8)
WHERE client_id = @client_id AND id = @export_id AND lease_token = @lease_token::uuid AND state = 'running';

-- name: FailExport :exec
-- Worker: gives an export up and says why. Primary key.
UPDATE exports SET state = 'failed', rows = 0, error = @error::text, lease_token = NULL, lease_until = NULL, finished_at = clock_timestamp()
WHERE client_id = @client_id AND id = @export_id AND lease_token = @lease_token::uuid AND state = 'running';

-- name: ExpireExports :exec
-- Worker, housekeeping: their files go in the same sweep. Index exports_to_expire.
UPDATE exports SET state = 'expired', location = NULL, bytes = 0 WHERE state = 'done' AND expires_at <= clock_timestamp();

-- name: DeleteOldExports :exec
-- Worker, housekeeping: those that ended long ago. Sequential, once an hour.
DELETE FROM exports WHERE state IN ('failed', 'expired') AND created_at < now() - interval '30 days';

-- name: IsExportFile :one
-- Worker, housekeeping: whether a stored file belongs to an export. Primary key.
SELECT EXISTS (SELECT FROM exports WHERE client_id = @client_id AND id = @export_id AND location = @location::text);

-- name: CountPostsUpTo :one
-- API, order of an export: whether the posts are more than the plan's rows. Index posts_by_time; stops at the limit.
SELECT count(*) FROM (
    SELECT FROM posts
    WHERE client_id = @client_id
      AND coalesce(published_at >= sqlc.narg(from_time)::timestamptz, true)
      AND coalesce(published_at < sqlc.narg(to_time)::timestamptz, true)
      AND coalesce(account_id = sqlc.narg(account_id)::uuid, true)
      AND coalesce(group_id = sqlc.narg(group_id)::uuid, true)
      AND coalesce(brand_id = sqlc.narg(brand_id)::uuid, true)
      AND coalesce(platform = sqlc.narg(platform)::text, true)
      AND coalesce(kind = sqlc.narg(kind)::text, true)
      AND CASE WHEN sqlc.narg(search)::text IS NULL THEN true ELSE strpos(lower(title || ' ' || body || ' ' || author_name), lower(sqlc.narg(search)::text)) > 0 END
    LIMIT @max_rows) found;

-- name: ListBrandNames :many
-- Worker, export: what brands are called. Primary key.
SELECT id, name FROM brands WHERE client_id = @client_id;

-- name: ListGroupNames :many
-- Worker, export: what groups are called. Primary key.
SELECT id, name FROM account_groups WHERE client_id = @client_id;

-- name: HasTakenExport :one
-- Download of a part: whether it goes on with one that the same caller began within the hour and that is in the log. Index
-- audit_log_by_client_time: the tenant's entries of an hour.
SELECT EXISTS (
    SELECT FROM audit_log
    WHERE client_id = @client_id AND created_at > clock_timestamp() - interval '1 hour'
        AND action = 'export.downloaded' AND target_id = @export_id::text AND actor_id = @actor_id
);

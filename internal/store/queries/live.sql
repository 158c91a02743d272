-- name: ListPostsBehind :many
-- API, live streams: the newest posts with ids behind one; ids are UUIDv7. Primary key, backwards.
SELECT * FROM post_items WHERE client_id = @client_id AND id > @after_id::uuid ORDER BY id DESC LIMIT @max_rows;

-- name: ListMovingExports :many
-- API, live streams: exports that wait, are being made or ended lately. Primary key, backwards; a tenant's exports are few.
SELECT * FROM exports
WHERE client_id = @client_id AND (state IN ('queued', 'running') OR finished_at > clock_timestamp() - interval '1 minute')
ORDER BY id DESC LIMIT 20;

-- name: ListPostsMoved :many
-- API, live streams: posts that have moved on, of one reading at most fifty. Primary key.
SELECT * FROM post_items WHERE client_id = @client_id AND id = ANY(@post_ids::uuid[]);

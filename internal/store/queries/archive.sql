-- Rows as they are stored, for a tenant's archive, read by the worker as the export's role: one JSON object a row,
-- without the tenant's id, which is the same everywhere.

-- name: ArchiveGuild :many
-- Worker, archive. Primary key.
SELECT (jsonb_build_object('guild_id', c.guild_id, 'name', c.name, 'owner_id', c.owner_id, 'created_at', c.created_at, 'removed_at', c.removed_at))::jsonb AS row
FROM clients c WHERE c.id = @client_id;

-- name: ArchiveSettings :many
-- Worker, archive. Primary key.
SELECT (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM guild_settings t WHERE t.client_id = @client_id;

-- name: ArchivePlan :many
-- Worker, archive. Primary key.
SELECT (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM subscriptions t WHERE t.client_id = @client_id;

-- name: ArchiveGrants :many
-- Worker, archive: who granted which plan. Index plan_grants_by_client.
SELECT (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM plan_grants t WHERE t.client_id = @client_id::uuid ORDER BY t.source, t.id;

-- name: ArchiveChannels :many
-- Worker, archive. Primary key; a guild has at most 500.
SELECT (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM guild_channels t WHERE t.client_id = @client_id ORDER BY t.position, t.id;

-- name: ArchiveRoles :many
-- Worker, archive. Primary key; a guild has at most 250.
SELECT (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM guild_roles t WHERE t.client_id = @client_id ORDER BY t.position DESC, t.id;

-- name: ArchiveBrands :many
-- Worker, archive. Primary key.
SELECT (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM brands t WHERE t.client_id = @client_id ORDER BY t.id;

-- name: ArchiveGroups :many
-- Worker, archive. Primary key.
SELECT (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM account_groups t WHERE t.client_id = @client_id ORDER BY t.id;

-- name: ArchiveAccounts :many
-- Worker, archive: with what is public of the account at its platform. Primary keys.
SELECT a.id, ((to_jsonb(a) - 'client_id'::text) || jsonb_build_object('platform', s.platform, 'external_id', s.external_id, 'handle', s.handle,
       'display_name', s.display_name, 'url', s.url, 'avatar_url', s.avatar_url, 'followers', s.followers, 'state', s.state,
       'last_polled_at', s.last_polled_at, 'last_post_at', s.last_post_at))::jsonb AS row
FROM client_accounts a JOIN sources s ON s.id = a.source_id
WHERE a.client_id = @client_id AND a.id > @after_id ORDER BY a.id LIMIT @max_rows;

-- name: ArchiveFollowers :many
-- Worker, archive: of some accounts, day by day. Primary keys.
SELECT (jsonb_build_object('account_id', a.id, 'measured_at', m.measured_at, 'followers', m.followers))::jsonb AS row
FROM client_accounts a JOIN follower_metrics m ON m.source_id = a.source_id
WHERE a.client_id = @client_id AND a.id = ANY (@ids::uuid[]) ORDER BY a.id, m.measured_at;

-- name: ArchiveRoutes :many
-- Worker, archive. Primary key.
SELECT (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM routes t WHERE t.client_id = @client_id ORDER BY t.id;

-- name: ArchivePosts :many
-- Worker, archive. Primary key.
SELECT t.id, (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM posts t WHERE t.client_id = @client_id AND t.id > @after_id ORDER BY t.id LIMIT @max_rows;

-- name: ArchiveMetrics :many
-- Worker, archive: the history of some posts. Primary keys.
SELECT (jsonb_build_object('post_id', p.id, 'measured_at', m.measured_at, 'views', m.views, 'likes', m.likes, 'comments', m.comments, 'shares', m.shares))::jsonb AS row
FROM posts p JOIN post_metrics m ON m.source_post_id = p.source_post_id
WHERE p.client_id = @client_id AND p.id = ANY (@ids::uuid[]) ORDER BY p.id, m.measured_at;

-- name: ArchiveDeliveries :many
-- Worker, archive. Primary key.
SELECT t.id, (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM deliveries t WHERE t.client_id = @client_id AND t.id > @after_id ORDER BY t.id LIMIT @max_rows;

-- name: ArchiveUsage :many
-- Worker, archive: a row a day. Primary key.
SELECT (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM usage_daily t WHERE t.client_id = @client_id ORDER BY t.day;

-- name: ArchiveShares :many
-- Worker, archive: without what opens them. Primary key.
SELECT (jsonb_build_object('id', t.id, 'brand_id', t.brand_id, 'created_by', t.created_by, 'created_at', t.created_at,
       'expires_at', t.expires_at, 'revoked_at', t.revoked_at, 'last_viewed_at', t.last_viewed_at))::jsonb AS row
FROM shares t WHERE t.client_id = @client_id ORDER BY t.id;

-- name: ArchiveKeys :many
-- Worker, archive: without what they are checked by. Primary key.
SELECT (jsonb_build_object('id', t.id, 'key_id', t.key_id, 'name', t.name, 'scopes', t.scopes, 'created_by', t.created_by,
       'created_at', t.created_at, 'expires_at', t.expires_at, 'last_used_at', t.last_used_at, 'revoked_at', t.revoked_at))::jsonb AS row
FROM api_keys t WHERE t.client_id = @client_id ORDER BY t.id;

-- name: ArchiveExports :many
-- Worker, archive: what was taken before. Primary key.
SELECT (jsonb_build_object('id', t.id, 'kind', t.kind, 'format', t.format, 'filters', t.filters, 'state', t.state, 'rows', t.rows,
       'requested_by', t.requested_by, 'created_at', t.created_at, 'finished_at', t.finished_at))::jsonb AS row
FROM exports t WHERE t.client_id = @client_id ORDER BY t.id;

-- name: ArchiveAudit :many
-- Worker, archive: the log with its chain. Primary key.
SELECT t.seq, (to_jsonb(t) - 'client_id'::text)::jsonb AS row FROM audit_log t WHERE t.client_id = @client_id AND t.seq > @after_seq ORDER BY t.seq LIMIT @max_rows;

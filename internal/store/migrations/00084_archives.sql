-- Everything of a tenant in one file, read like other exports: in one snapshot, as the role that sees one tenant.

-- +goose Up
ALTER TABLE exports
    DROP CONSTRAINT exports_kind_check,
    DROP CONSTRAINT exports_format_check,
    ADD CONSTRAINT exports_kind_check CHECK (kind IN ('posts', 'accounts', 'audit', 'usage', 'archive')),
    ADD CONSTRAINT exports_format_check CHECK (format IN ('csv', 'xlsx', 'jsonl', 'zip')),
    ADD CONSTRAINT exports_archive_check CHECK ((kind = 'archive') = (format = 'zip'));

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['guild_channels', 'guild_roles', 'routes', 'shares', 'api_keys', 'exports', 'plan_grants'] LOOP
        EXECUTE format($p$CREATE POLICY export ON %I FOR SELECT TO trackbot_export
            USING (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))$p$, t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT SELECT ON guild_channels, guild_roles, routes, exports, post_metrics, plan_grants TO trackbot_export;
-- Neither what opens a scorecard nor what a key is checked by goes into a file.
GRANT SELECT (client_id, id, brand_id, created_by, created_at, expires_at, revoked_at, last_viewed_at) ON shares TO trackbot_export;
GRANT SELECT (client_id, id, key_id, name, scopes, created_by, created_at, expires_at, last_used_at, revoked_at) ON api_keys TO trackbot_export;

-- Exports are made by the worker: claimed with a lease like sources and channels, begun anew after a crash. What goes
-- into a file is read as a role of its own that sees one tenant, so that a wrong query cannot hand out another's rows.

-- +goose Up
ALTER TABLE exports
    ADD COLUMN from_time     timestamptz,     -- bounds of the filters, in absolute time
    ADD COLUMN to_time       timestamptz,
    ADD COLUMN row_limit     bigint NOT NULL DEFAULT 0,
    ADD COLUMN attempts      integer NOT NULL DEFAULT 0,
    ADD COLUMN not_before    timestamptz NOT NULL DEFAULT now(), -- a failed try waits until then
    ADD COLUMN lease_token   uuid,            -- who makes it now
    ADD COLUMN lease_until   timestamptz,
    ADD COLUMN finished_at   timestamptz;
CREATE INDEX exports_to_make ON exports (created_at) WHERE state IN ('queued', 'running');
CREATE INDEX exports_to_expire ON exports (expires_at) WHERE state = 'done';

-- The API orders, reads and deletes; only the worker moves an export on.
REVOKE UPDATE ON exports FROM trackbot_api;
GRANT UPDATE (idempotency_key) ON exports TO trackbot_api;

GRANT USAGE ON SCHEMA public TO trackbot_export;
GRANT SELECT ON goose_db_version TO trackbot_export;
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['brands', 'account_groups', 'client_accounts', 'posts', 'deliveries', 'audit_log', 'usage_daily', 'subscriptions'] LOOP
        EXECUTE format($p$CREATE POLICY export ON %I FOR SELECT TO trackbot_export
            USING (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))$p$, t);
        EXECUTE format('GRANT SELECT ON %I TO trackbot_export', t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT SELECT ON sources, plans, account_items, post_items TO trackbot_export;

-- What the worker found when it last recomputed a tenant's audit chain: shown beside the log, where recomputing
-- all of it at each request would cost too much. The operator's `audit verify` trusts none of it.

-- +goose Up
CREATE TABLE audit_checks (
    client_id   uuid PRIMARY KEY REFERENCES clients ON DELETE CASCADE,
    seq         bigint NOT NULL,           -- the last entry found sound
    hash        bytea NOT NULL,            -- of that entry: where the next check goes on
    broken_seq  bigint,                    -- the first entry that is not; NULL: none up to seq
    checked_at  timestamptz NOT NULL,
    whole_at    timestamptz NOT NULL       -- when it last began at the first entry
);
ALTER TABLE audit_checks ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_checks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_checks TO trackbot_api, trackbot_bot
    USING (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))
    WITH CHECK (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid));
CREATE POLICY service ON audit_checks TO trackbot_worker, trackbot_notifier, trackbot_admin USING (true) WITH CHECK (true);
GRANT SELECT ON audit_checks TO trackbot_api;
GRANT SELECT, INSERT, UPDATE ON audit_checks TO trackbot_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_checks TO trackbot_admin;

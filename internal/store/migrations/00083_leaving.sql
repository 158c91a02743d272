-- People and tenants can leave. A person's account goes at once; their entries in the tenants' logs keep an alias, set by
-- the worker. A tenant's data goes when the grace of its deletion is over, the log of its changes included.

-- +goose Up
ALTER TABLE clients
    ADD COLUMN erase_at           timestamptz, -- when everything of the tenant is deleted; NULL: nobody asked for it
    ADD COLUMN erase_requested_at timestamptz,
    ADD COLUMN erase_requested_by text,        -- Discord id, or 'operator'
    ADD CONSTRAINT clients_erase_check CHECK (num_nulls(erase_at, erase_requested_at, erase_requested_by) IN (0, 3));
CREATE INDEX clients_to_erase ON clients (erase_at) WHERE erase_at IS NOT NULL;

-- What is known of a tenant that was deleted: that it was. The id was ours and stands for nobody any more.
CREATE TABLE erased_clients (
    id           uuid PRIMARY KEY,
    requested_at timestamptz NOT NULL,
    requested_by text NOT NULL CHECK (requested_by IN ('manager', 'operator')),
    erased_at    timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON erased_clients TO trackbot_worker;
GRANT SELECT ON erased_clients TO trackbot_admin;

-- People who have left and whose traces in the tenants' rows are still to be taken away.
CREATE TABLE account_erasures (
    user_id      text PRIMARY KEY CHECK (user_id ~ '^[0-9]{17,20}$'),
    requested_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON account_erasures TO trackbot_api;
GRANT SELECT, DELETE ON account_erasures TO trackbot_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_erasures TO trackbot_admin;

-- The chain covers the alias and a salted hash of who the actor is, in place of the id and the name themselves, which can
-- be taken away without breaking it. Entries of before have neither.
ALTER TABLE audit_log
    ADD COLUMN actor_alias text,
    ADD COLUMN actor_hash  bytea,
    ADD CONSTRAINT audit_log_alias_check CHECK ((actor_alias IS NULL) = (actor_hash IS NULL));
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, created_at DESC) WHERE actor_type = 'user';

-- Who asks what is held about them sees their own entries, in whichever tenant.
CREATE POLICY person ON audit_log FOR SELECT TO trackbot_api USING (
    actor_type = 'user' AND actor_id = (SELECT nullif(current_setting('app.user_id', true), '')));

-- Still append-only, but for three changes: the operator clears addresses; the worker puts the alias in the place of a
-- person who has left; and all of a tenant's log goes with the tenant.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased audit_log;
    has_left boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        has_left := OLD.actor_type = 'user' AND EXISTS (SELECT FROM account_erasures e
            WHERE e.user_id = OLD.actor_id AND OLD.created_at <= e.requested_at + interval '10 seconds');
        erased := OLD;
        erased.ip_address := NULL;
        erased.user_agent := '';
        IF (has_left OR current_user = 'trackbot_admin') AND NEW IS NOT DISTINCT FROM erased THEN
            RETURN NEW;
        END IF;
        erased.actor_id := OLD.actor_alias;
        erased.actor_name := '';
        IF has_left AND OLD.actor_alias IS NOT NULL AND NEW IS NOT DISTINCT FROM erased THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT FROM clients c WHERE c.id = OLD.client_id AND c.erase_at <= now()) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
GRANT UPDATE (actor_id, actor_name, ip_address, user_agent), DELETE ON audit_log TO trackbot_worker;
GRANT DELETE ON audit_heads, clients TO trackbot_worker;
GRANT UPDATE (erase_requested_by) ON clients TO trackbot_worker;
GRANT SELECT, UPDATE (created_by) ON shares TO trackbot_worker;
GRANT UPDATE (created_by) ON api_keys TO trackbot_worker;
GRANT UPDATE (removed_at, updated_at) ON clients TO trackbot_notifier;

-- Who was in the guild of a tenant that has gone is nobody's business any more. The services that delete tenants
-- have no access to people, so the table does it by itself.
-- +goose StatementBegin
CREATE FUNCTION forget_members() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM user_guilds WHERE guild_id = OLD.guild_id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER client_deleted AFTER DELETE ON clients FOR EACH ROW EXECUTE FUNCTION forget_members();

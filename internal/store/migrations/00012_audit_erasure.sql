-- Addresses and user agents are personal data and lie outside the audit log's hash chain, so that they
-- can be erased. An update that empties both and touches nothing else is let through, and the operator's
-- role alone may ask for it; everything else stays append-only.

-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased audit_log;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        erased := OLD;
        erased.ip_address := NULL;
        erased.user_agent := '';
        IF NEW IS NOT DISTINCT FROM erased THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
GRANT UPDATE (ip_address, user_agent) ON audit_log TO trackbot_admin;

-- An operator can suspend a tenant: nothing is polled, sent or changed for it, while its people still read and export.
-- Whether a tenant is active is decided here alone, in a column that whatever works for tenants asks: polls, lines of
-- messages, alerts, keys of programs, changes.

-- +goose Up
ALTER TABLE clients
    ADD COLUMN suspended_at     timestamptz,
    ADD COLUMN suspended_reason text,         -- as the tenant's people read it
    ADD COLUMN active           boolean NOT NULL GENERATED ALWAYS AS (removed_at IS NULL AND suspended_at IS NULL) STORED,
    ADD CONSTRAINT clients_suspended_check CHECK ((suspended_at IS NULL) = (suspended_reason IS NULL));

-- What processes keep of a guild for seconds is dropped when it is suspended too.
DROP TRIGGER guild_removed_or_back ON clients;
CREATE TRIGGER guild_removed_or_back AFTER UPDATE OF removed_at, suspended_at ON clients
    FOR EACH ROW WHEN ((OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL) OR (OLD.suspended_at IS NULL) <> (NEW.suspended_at IS NULL))
    EXECUTE FUNCTION notify_guild_access();

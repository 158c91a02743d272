-- A key that is revoked or changed ends its live streams at once, as a session does: to those who hear of access, the
-- holder of a key is a user whose id is the key's.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION notify_key_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_access', 'user ' || OLD.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER key_changed AFTER UPDATE OF revoked_at, expires_at, secret_hash ON api_keys
    FOR EACH ROW EXECUTE FUNCTION notify_key_access();
CREATE TRIGGER key_deleted AFTER DELETE ON api_keys
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL) EXECUTE FUNCTION notify_key_access();

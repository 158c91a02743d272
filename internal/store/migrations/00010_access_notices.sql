-- Processes keep sessions and rights in memory for up to 5 s. A notice in the transaction of the
-- change drops them at once; it is sent by triggers so that no way of changing them is forgotten,
-- an operator's statement included. Payloads are ids, since every role may listen; equal ones of
-- a transaction are sent once.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION notify_user_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_access', 'user ' || OLD.user_id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION notify_guild_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_access', 'guild ' || OLD.guild_id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION notify_client_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_access', 'client ' || OLD.client_id);
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER session_revoked AFTER UPDATE OF revoked_at ON dashboard_sessions
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION notify_user_access();
CREATE TRIGGER session_deleted AFTER DELETE ON dashboard_sessions
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND OLD.expires_at > clock_timestamp())
    EXECUTE FUNCTION notify_user_access();

-- The user's rights are others.
CREATE TRIGGER rights_changed AFTER UPDATE OF is_owner, permissions ON user_guilds
    FOR EACH ROW WHEN (OLD.is_owner <> NEW.is_owner OR OLD.permissions <> NEW.permissions)
    EXECUTE FUNCTION notify_user_access();
CREATE TRIGGER guild_left AFTER DELETE ON user_guilds
    FOR EACH ROW EXECUTE FUNCTION notify_user_access();
-- Rights of the whole guild are to be confirmed anew: one notice, whatever the number of its members.
CREATE TRIGGER rights_unconfirmed AFTER UPDATE OF confirmed_at ON user_guilds
    FOR EACH ROW WHEN (NEW.confirmed_at < OLD.confirmed_at)
    EXECUTE FUNCTION notify_guild_access();

CREATE TRIGGER guild_removed_or_back AFTER UPDATE OF removed_at ON clients
    FOR EACH ROW WHEN ((OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL))
    EXECUTE FUNCTION notify_guild_access();
CREATE TRIGGER dashboard_access_changed AFTER UPDATE ON guild_settings
    FOR EACH ROW WHEN (OLD.dashboard_access <> NEW.dashboard_access OR OLD.timezone <> NEW.timezone)
    EXECUTE FUNCTION notify_client_access();

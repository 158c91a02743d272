-- What the live streams show is announced by triggers, so that no writer forgets it. Every role may listen:
-- payloads are ids alone. One notice a transaction and tenant, whatever the number of posts.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION notify_new_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_live', 'posts ' || client_id) FROM (SELECT DISTINCT client_id FROM fresh) f;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION notify_export() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_live', 'export ' || NEW.client_id || ' ' || NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd

CREATE TRIGGER new_posts AFTER INSERT ON posts REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION notify_new_posts();
CREATE TRIGGER export_begun AFTER INSERT ON exports
    FOR EACH ROW EXECUTE FUNCTION notify_export();
CREATE TRIGGER export_moved AFTER UPDATE OF state, rows ON exports
    FOR EACH ROW WHEN (OLD.state <> NEW.state OR OLD.rows <> NEW.rows) EXECUTE FUNCTION notify_export();

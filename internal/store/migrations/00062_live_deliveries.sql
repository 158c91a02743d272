-- A post that was told as new is told again when its way to Discord has ended: viewers see it sent.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION notify_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_live', 'post ' || NEW.client_id || ' ' || NEW.post_id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER delivery_ended AFTER UPDATE OF state ON deliveries
    FOR EACH ROW WHEN (NEW.post_id IS NOT NULL AND OLD.state <> NEW.state AND NEW.state IN ('sent', 'dead', 'skipped'))
    EXECUTE FUNCTION notify_delivery();

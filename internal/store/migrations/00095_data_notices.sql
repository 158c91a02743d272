-- Processes keep answers in memory until what they were made of changes. Triggers tell of a change in its own
-- transaction, so that no writer forgets it: "<client uuid> <table>", once a transaction, tenant and table, whatever
-- the number of rows; "* <table>" when a whole table was emptied. Every role may listen: payloads are ids and names
-- of tables. Nothing is counted in a row, which all writers of a tenant would wait for.
--
-- What no kept answer is made of tells nothing: the queue's leases and the head of the audit chain, and the day's
-- usage, which the services add up in batches of seconds.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION notify_tenant_data() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_data', client_id || ' ' || TG_TABLE_NAME)
    FROM (SELECT DISTINCT client_id FROM changed) c WHERE client_id IS NOT NULL;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION notify_tenant_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_data', client_id || ' ' || TG_TABLE_NAME)
    FROM (SELECT client_id FROM changed UNION SELECT client_id FROM before) c WHERE client_id IS NOT NULL; -- what was one tenant's may be another's
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION notify_client_data() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_data', id || ' clients') FROM changed;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION notify_table_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('trackbot_data', '* ' || TG_TABLE_NAME);
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- tell_tenant_data gives a table with client_id its triggers; the migration of a new one calls it.
-- +goose StatementBegin
CREATE FUNCTION tell_tenant_data(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER data_inserted AFTER INSERT ON %s REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION notify_tenant_data()', target);
    EXECUTE format('CREATE TRIGGER data_updated AFTER UPDATE ON %s REFERENCING OLD TABLE AS before NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION notify_tenant_update()', target);
    EXECUTE format('CREATE TRIGGER data_deleted AFTER DELETE ON %s REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION notify_tenant_data()', target);
    EXECUTE format('CREATE TRIGGER data_emptied AFTER TRUNCATE ON %s
        FOR EACH STATEMENT EXECUTE FUNCTION notify_table_emptied()', target);
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
DECLARE t regclass;
BEGIN
    FOR t IN
        SELECT c.oid::regclass FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'client_id' AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            AND c.relname NOT IN ('channel_queues', 'audit_heads', 'usage_daily')
    LOOP
        PERFORM tell_tenant_data(t);
    END LOOP;
END $$;
-- +goose StatementEnd
CREATE TRIGGER data_inserted AFTER INSERT ON clients REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_client_data();
CREATE TRIGGER data_updated AFTER UPDATE ON clients REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_client_data();
CREATE TRIGGER data_deleted AFTER DELETE ON clients REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_client_data();
CREATE TRIGGER data_emptied AFTER TRUNCATE ON clients FOR EACH STATEMENT EXECUTE FUNCTION notify_table_emptied();

-- Events of one second are told apart by bytes, whatever the database's language; operators link a customer by hand.

-- +goose Up
ALTER TABLE plan_grants ALTER COLUMN event_rank TYPE text COLLATE "C";
ALTER TABLE plan_links ALTER COLUMN event_id TYPE text COLLATE "C";

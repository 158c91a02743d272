-- When an event of the gateway made rights uncertain. What Discord answered before that confirms nothing, however late it is
-- stored: without the time, an answer on its way at the event would make what a demoted manager may do certain again.

-- +goose Up
ALTER TABLE user_guilds ADD COLUMN unconfirmed_at timestamptz;

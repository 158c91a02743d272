-- What belongs to all processes of a kind together (the messages a second of a bot's token, the patience of a platform
-- with an address) is divided among those that live: each tells that it does, and counts the others. Nothing of a tenant
-- is in it, and after a crash of the database the living tell again: UNLOGGED.

-- +goose Up
CREATE UNLOGGED TABLE processes (
    id      uuid PRIMARY KEY,
    budget  text NOT NULL CHECK (length(budget) BETWEEN 1 AND 64),   -- what is divided
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON processes TO trackbot_worker, trackbot_notifier;
GRANT SELECT ON processes TO trackbot_admin;

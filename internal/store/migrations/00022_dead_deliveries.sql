-- What was given up of late is counted for each overview of a guild.

-- +goose Up
CREATE INDEX deliveries_dead ON deliveries (client_id, queued_at) WHERE state = 'dead';

-- Managers replay a post's deliveries from Discord too; the interaction's id keeps one that is told twice from sending twice.

-- +goose Up
GRANT SELECT, INSERT ON delivery_replays TO trackbot_bot;

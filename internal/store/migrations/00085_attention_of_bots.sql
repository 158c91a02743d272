-- The bot tells of what needs attention too, of a log that was tampered with as well.

-- +goose Up
GRANT SELECT ON audit_checks TO trackbot_bot;

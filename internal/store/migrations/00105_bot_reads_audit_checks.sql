-- /status tells managers what needs attention, a broken audit chain too; the policy let the bot in, the grant did not.
-- +goose Up
GRANT SELECT ON audit_checks TO trackbot_bot;

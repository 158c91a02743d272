-- A key is looked up before its tenant is known: the api sees the one whose public part it names, as it
-- names guilds and bots elsewhere.

-- +goose Up
CREATE POLICY presented ON api_keys FOR SELECT TO trackbot_api USING (
    key_id = (SELECT nullif(current_setting('app.api_key', true), '')));
CREATE INDEX api_keys_live ON api_keys (client_id, id) WHERE revoked_at IS NULL;

-- Who opens a shared scorecard has a token and no tenant: the row with the token's hash is all that the API sees then.

-- +goose Up
ALTER TABLE shares ADD COLUMN last_viewed_at timestamptz;
CREATE POLICY bearer ON shares FOR SELECT TO trackbot_api
    USING (token_hash = (SELECT decode(nullif(current_setting('app.share_hash', true), ''), 'hex')));

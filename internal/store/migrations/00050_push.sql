-- Push by WebSub: what a subscription asks of its hub and when a push wants the source polled again.
-- The budget of platforms that count their calls by day.

-- +goose Up
ALTER TABLE websub_subscriptions
    ADD COLUMN mode           text NOT NULL DEFAULT 'subscribe' CHECK (mode IN ('subscribe', 'unsubscribe')),
    ADD COLUMN pending_until  timestamptz,                -- until then the hub may verify what mode asks for
    ADD COLUMN next_action_at timestamptz DEFAULT now(),  -- when the hub is asked; NULL: nothing to ask
    ADD COLUMN failures       integer NOT NULL DEFAULT 0, -- requests in a row without a verification
    ADD COLUMN reason         text NOT NULL DEFAULT '',
    ADD COLUMN pushed_at      timestamptz,                -- the last genuine push
    ADD COLUMN look_again_at  timestamptz;                -- the feed may lag behind the push
CREATE INDEX websub_due ON websub_subscriptions (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX websub_look_again ON websub_subscriptions (look_again_at) WHERE look_again_at IS NOT NULL;
CREATE INDEX sources_with_push ON sources (id) WHERE platform = 'youtube' AND next_poll_at IS NOT NULL;

CREATE TABLE api_quotas (
    platform text NOT NULL,
    day      date NOT NULL, -- of the platform's own time zone
    used     integer NOT NULL,
    PRIMARY KEY (platform, day)
);
GRANT SELECT, INSERT, UPDATE ON api_quotas TO trackbot_api, trackbot_bot, trackbot_worker, trackbot_admin;

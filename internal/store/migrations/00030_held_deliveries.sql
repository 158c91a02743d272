-- Deliveries that wait for the end of the quiet hours or of a digest's window, the digests they go
-- out with, breakout alerts, and replays by hand.

-- +goose Up
ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_kind_check,
    DROP CONSTRAINT deliveries_state_check,
    DROP CONSTRAINT deliveries_check1,
    ADD COLUMN held_until   timestamptz,   -- while held: when it may leave; later: until when it was held
    ADD COLUMN held_version bigint,        -- of guild_settings, by which held_until was found
    ADD COLUMN digest_id    uuid,          -- the delivery that carries this one
    ADD COLUMN by_hand      boolean NOT NULL DEFAULT false, -- asked for by a manager: neither held nor digested
    ADD CONSTRAINT deliveries_kind_check CHECK (kind IN ('post', 'breakout', 'digest', 'notice')),
    -- A held row is in no line: the line's index and queries do not see it.
    ADD CONSTRAINT deliveries_state_check CHECK (state IN ('pending', 'sending', 'retry', 'held', 'sent', 'dead', 'skipped')),
    ADD CONSTRAINT deliveries_post_check CHECK ((kind IN ('post', 'breakout')) = (post_id IS NOT NULL)),
    ADD CONSTRAINT deliveries_held_check CHECK (state <> 'held' OR held_until IS NOT NULL),
    ADD FOREIGN KEY (client_id, digest_id) REFERENCES deliveries (client_id, id) ON DELETE SET NULL (digest_id);
CREATE INDEX deliveries_held ON deliveries (client_id, channel_id, held_until) WHERE state = 'held' AND digest_id IS NULL;
CREATE INDEX deliveries_by_digest ON deliveries (client_id, digest_id) WHERE digest_id IS NOT NULL;

-- What a key has replayed already, so that a repeated call sends nothing again.
CREATE TABLE delivery_replays (
    client_id       uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    idempotency_key text NOT NULL,
    post_id         uuid NOT NULL,
    delivery_id     uuid,                  -- the one that was asked for; NULL: all of the post
    replayed        uuid[] NOT NULL,       -- ids of deliveries
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, idempotency_key)
);
CREATE INDEX delivery_replays_by_age ON delivery_replays (created_at);
ALTER TABLE delivery_replays ENABLE ROW LEVEL SECURITY;
ALTER TABLE delivery_replays FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON delivery_replays TO trackbot_api, trackbot_bot
    USING (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))
    WITH CHECK (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid));
CREATE POLICY service ON delivery_replays TO trackbot_worker, trackbot_notifier, trackbot_admin USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON delivery_replays TO trackbot_api;
GRANT SELECT, DELETE ON delivery_replays TO trackbot_notifier;
GRANT SELECT, INSERT, UPDATE, DELETE ON delivery_replays TO trackbot_admin;

-- To readers a held delivery is one that waits.
CREATE OR REPLACE VIEW post_items WITH (security_invoker = true) AS
SELECT p.client_id, p.id, p.account_id, p.brand_id, p.group_id, p.platform, p.kind, p.external_id, p.url, p.title, p.body,
       p.author_name, p.thumbnail_url, p.published_at, p.first_seen_at, p.edited_at, p.removed_at,
       p.views, p.likes, p.comments, p.shares, p.measured_at,
       coalesce(CASE d.state WHEN 'held' THEN 'pending' ELSE d.state END, '')::text AS delivery_state,
       coalesce(d.reason, '')::text AS delivery_reason, d.channel_id AS delivery_channel_id,
       d.message_id AS delivery_message_id, d.delivered_at,
       greatest(p.measured_at, p.edited_at, p.first_seen_at)::timestamptz AS as_of
FROM posts p
LEFT JOIN LATERAL (
    SELECT state, reason, channel_id, message_id, delivered_at FROM deliveries
    WHERE client_id = p.client_id AND post_id = p.id AND kind = 'post'
    ORDER BY array_position(ARRAY['dead', 'retry', 'sending', 'pending', 'held', 'sent', 'skipped'], state), seq DESC LIMIT 1
) d ON true;

-- What lists show. The views run with the reader's rights, so row level security holds; they add
-- look-ups by key to rows that an index of the base table has already put in order.

-- +goose Up
CREATE VIEW account_items WITH (security_invoker = true) AS
SELECT a.client_id, a.id, a.brand_id, a.group_id, a.channel_id, a.created_at,
       s.platform, s.handle, s.display_name, s.url, s.avatar_url, s.followers, s.last_post_at,
       coalesce(a.paused, CASE WHEN a.baseline_at IS NULL AND s.state IN ('ok', 'quiet') THEN 'learning' ELSE s.state END)::text AS state,
       CASE WHEN a.paused IS NOT NULL THEN a.paused_since
            WHEN a.baseline_at IS NULL THEN greatest(a.created_at, s.state_since)
            ELSE greatest(a.baseline_at, s.state_since) END::timestamptz AS state_since,
       CASE WHEN a.paused IS NOT NULL THEN a.paused_reason ELSE s.state_reason END::text AS state_reason,
       CASE WHEN a.baseline_at IS NOT NULL THEN s.last_polled_at END AS last_polled_at,
       CASE WHEN a.paused IS NULL THEN s.next_poll_at END AS next_poll_at
FROM client_accounts a JOIN sources s ON s.id = a.source_id;

-- A post with the state of its delivery: of several the one that needs most attention.
CREATE VIEW post_items WITH (security_invoker = true) AS
SELECT p.client_id, p.id, p.account_id, p.brand_id, p.group_id, p.platform, p.kind, p.external_id, p.url, p.title, p.body,
       p.author_name, p.thumbnail_url, p.published_at, p.first_seen_at, p.edited_at, p.removed_at,
       p.views, p.likes, p.comments, p.shares, p.measured_at,
       coalesce(d.state, '')::text AS delivery_state, coalesce(d.reason, '')::text AS delivery_reason, d.channel_id AS delivery_channel_id,
       d.message_id AS delivery_message_id, d.delivered_at,
       greatest(p.measured_at, p.edited_at, p.first_seen_at)::timestamptz AS as_of
FROM posts p
LEFT JOIN LATERAL (
    SELECT state, reason, channel_id, message_id, delivered_at FROM deliveries
    WHERE client_id = p.client_id AND post_id = p.id AND kind = 'post'
    ORDER BY array_position(ARRAY['dead', 'retry', 'sending', 'pending', 'sent', 'skipped'], state), seq DESC LIMIT 1
) d ON true;

GRANT SELECT ON account_items, post_items TO trackbot_api, trackbot_bot, trackbot_admin;

-- The guild list reads settings and tiers of several tenants: those whose guilds it names.
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['guild_settings', 'subscriptions'] LOOP
        EXECUTE format($p$CREATE POLICY directory ON %I FOR SELECT TO trackbot_api USING (client_id IN (
            SELECT id FROM clients WHERE guild_id = ANY ((SELECT string_to_array(current_setting('app.guild_ids', true), ','))::text[])))$p$, t);
    END LOOP;
END $$;
-- +goose StatementEnd

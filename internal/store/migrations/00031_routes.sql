-- What the pages about routes show, and the cards that previews are made of.

-- +goose Up
CREATE INDEX routes_by_channel ON routes (client_id, channel_id);

-- A route with its channel's pause, which is its own too: Discord refuses channels, not routes.
CREATE VIEW route_items WITH (security_invoker = true) AS
SELECT r.client_id, r.id, r.account_id, r.group_id, r.brand_id, r.channel_id, r.kinds, r.include, r.exclude,
       r.mention_role_id, r.template, r.paused_at, r.paused_reason, r.created_at,
       g.name AS channel_name, g.paused_at AS channel_paused_at, coalesce(g.paused_reason, '')::text AS channel_paused_reason
FROM routes r JOIN guild_channels g ON g.client_id = r.client_id AND g.id = r.channel_id;

-- A post with all that its message shows.
CREATE VIEW post_cards WITH (security_invoker = true) AS
SELECT p.client_id, p.id, p.account_id, p.brand_id, p.group_id, p.platform, p.kind, p.url, p.title, p.body, p.author_name,
       p.thumbnail_url, p.published_at, a.channel_id AS account_channel_id,
       coalesce(nullif(o.display_name, ''), o.handle)::text AS account_name, o.avatar_url,
       s.embed_color, s.mention_role_id
FROM posts p
JOIN client_accounts a ON a.client_id = p.client_id AND a.id = p.account_id
JOIN sources o ON o.id = a.source_id
JOIN guild_settings s ON s.client_id = p.client_id;

GRANT SELECT ON route_items, post_cards TO trackbot_api, trackbot_bot, trackbot_admin;

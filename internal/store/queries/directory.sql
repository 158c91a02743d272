-- name: ListChannelsByPosition :many
-- API: channels in Discord's order, all of them or only those that something of the tenant points to. A guild has at
-- most 500: primary key and a sort. The bot follows a guild from event to event, so what it saw holds up to its last
-- beat, and up to an outage of the guild.
SELECT c.id, c.name, c.type, c.position, c.can_send, c.paused_at, c.paused_reason,
       (SELECT least(greatest(min(s.seen_at), (SELECT h.last_heartbeat FROM clients b JOIN bot_health h ON h.id = b.bot_id WHERE b.id = @client_id)),
                     (SELECT cl.unavailable_since FROM clients cl WHERE cl.id = @client_id))
        FROM guild_channels s WHERE s.client_id = @client_id)::timestamptz AS as_of
FROM guild_channels c
WHERE c.client_id = @client_id AND (c.position, c.id) > (@after_position::bigint, @after_id::text)
  AND (@whole::boolean
    OR c.id IN (SELECT g.default_channel_id FROM guild_settings g WHERE g.client_id = @client_id)
    OR c.id IN (SELECT a.channel_id FROM client_accounts a WHERE a.client_id = @client_id)
    OR c.id IN (SELECT r.channel_id FROM routes r WHERE r.client_id = @client_id))
ORDER BY c.position, c.id LIMIT @max_rows;

-- name: ListRolesByPosition :many
-- API: roles, highest first, without @everyone, which has the guild's id; all of them or only those that something of
-- the tenant points to. A guild has at most 250: primary key and a sort. As fresh as channels are.
SELECT r.id, r.name, r.color, r.mentionable, r.position,
       (SELECT least(greatest(min(s.seen_at), (SELECT h.last_heartbeat FROM clients b JOIN bot_health h ON h.id = b.bot_id WHERE b.id = @client_id)),
                     (SELECT cl.unavailable_since FROM clients cl WHERE cl.id = @client_id))
        FROM guild_roles s WHERE s.client_id = @client_id)::timestamptz AS as_of
FROM guild_roles r
WHERE r.client_id = @client_id AND r.id <> (SELECT cl.guild_id FROM clients cl WHERE cl.id = @client_id)
  AND (r.position < @before_position::bigint OR r.position = @before_position AND r.id > @after_id::text)
  AND (@whole::boolean
    OR r.id IN (SELECT g.mention_role_id FROM guild_settings g WHERE g.client_id = @client_id)
    OR r.id IN (SELECT t.mention_role_id FROM routes t WHERE t.client_id = @client_id))
ORDER BY r.position DESC, r.id LIMIT @max_rows;

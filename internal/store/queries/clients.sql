-- name: GetClientByGuild :one
-- API and bot: guild → tenant. Unique index on guild_id.
SELECT * FROM clients WHERE guild_id = @guild_id;

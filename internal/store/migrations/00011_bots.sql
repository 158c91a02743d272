-- Several bots may serve one installation, some without database access: what they tell is written
-- by the api for them. Each has an id; the built-in bot's is 'main'.

-- +goose Up
-- Which bot is in the guild: the one that said so last.
ALTER TABLE clients ADD COLUMN bot_id text NOT NULL DEFAULT 'main' CHECK (bot_id ~ '^[a-z0-9][a-z0-9-]{0,31}$');
CREATE INDEX clients_by_bot ON clients (bot_id) WHERE removed_at IS NULL;

-- A bot asks which guilds it is believed to be in. The api names the bot as it names guilds elsewhere.
CREATE POLICY bot ON clients FOR SELECT TO trackbot_api USING (
    bot_id = (SELECT nullif(current_setting('app.bot_id', true), '')));

-- Places in the stream of events, by bot. A program of before this that runs beside cannot save its
-- place any more and begins a new session when it is replaced, which costs it nothing else.
ALTER TABLE gateway_sessions ADD COLUMN bot_id text NOT NULL DEFAULT 'main';
ALTER TABLE gateway_sessions DROP CONSTRAINT gateway_sessions_pkey;
ALTER TABLE gateway_sessions ADD PRIMARY KEY (bot_id, shard_id, shard_count);

GRANT INSERT, UPDATE, DELETE ON guild_channels, guild_roles TO trackbot_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_sessions TO trackbot_api;

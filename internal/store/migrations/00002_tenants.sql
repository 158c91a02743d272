-- Tenants and what belongs to them as such. A client is a tenant; it has one guild today
-- and an id of its own, so that several guilds a client is no migration later.

-- +goose Up
CREATE TABLE clients (
    id                uuid PRIMARY KEY,
    guild_id          text NOT NULL UNIQUE CHECK (guild_id ~ '^[0-9]{17,20}$'),
    name              text NOT NULL,
    icon_hash         text,
    owner_id          text NOT NULL CHECK (owner_id ~ '^[0-9]{17,20}$'),
    system_channel_id text,
    unavailable_since timestamptz,         -- Discord outage of the guild, not a removal
    removed_at        timestamptz,         -- the bot was removed; data is kept for a return
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE guild_settings (
    client_id             uuid PRIMARY KEY REFERENCES clients ON DELETE CASCADE,
    timezone              text NOT NULL DEFAULT 'UTC',
    locale                text NOT NULL DEFAULT 'en-US',
    notifications_enabled boolean NOT NULL DEFAULT true,
    default_channel_id    text CHECK (default_channel_id ~ '^[0-9]{17,20}$'),
    mention_role_id       text CHECK (mention_role_id ~ '^[0-9]{17,20}$'),
    quiet_hours_start     text CHECK (quiet_hours_start ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    quiet_hours_end       text CHECK (quiet_hours_end ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    digest                text NOT NULL DEFAULT 'off' CHECK (digest IN ('off', 'hourly', 'daily')),
    dashboard_access      text NOT NULL DEFAULT 'members' CHECK (dashboard_access IN ('members', 'managers')),
    embed_color           text NOT NULL DEFAULT '#5865f2' CHECK (embed_color ~ '^#[0-9a-f]{6}$'),
    breakout_factor       double precision CHECK (breakout_factor BETWEEN 2 AND 20),
    version               bigint NOT NULL DEFAULT 1,
    updated_at            timestamptz NOT NULL DEFAULT now(),
    CHECK ((quiet_hours_start IS NULL) = (quiet_hours_end IS NULL))
);

-- Channels and roles as the bot last saw them: pickers, validation of routes, sending state.
CREATE TABLE guild_channels (
    client_id     uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    id            text NOT NULL CHECK (id ~ '^[0-9]{17,20}$'),
    name          text NOT NULL,
    type          text NOT NULL CHECK (type IN ('text', 'announcement', 'voice', 'stage', 'forum', 'category', 'other')),
    position      integer NOT NULL DEFAULT 0,
    can_send      boolean NOT NULL,
    paused_at     timestamptz,             -- Discord refused a message for good (10003, 50001, 50013)
    paused_reason text,
    seen_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id)
);

CREATE TABLE guild_roles (
    client_id   uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    id          text NOT NULL CHECK (id ~ '^[0-9]{17,20}$'),
    name        text NOT NULL,
    color       integer NOT NULL DEFAULT 0,
    mentionable boolean NOT NULL,
    position    integer NOT NULL DEFAULT 0,
    permissions text NOT NULL,             -- decimal string
    seen_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id)
);

CREATE TABLE plans (
    tier                    text PRIMARY KEY CHECK (tier IN ('free', 'pro', 'enterprise')),
    accounts                integer NOT NULL,
    brands                  integer NOT NULL,
    min_poll_seconds        integer NOT NULL,
    notifications_per_day   integer NOT NULL,
    retention_days          integer NOT NULL,
    export_rows             integer NOT NULL,
    api_requests_per_minute integer NOT NULL
);
INSERT INTO plans VALUES
    ('free',       10,   3,   900, 200,    90,   10000,   60),
    ('pro',        250,  25,  300, 5000,   365,  250000,  300),
    ('enterprise', 5000, 500, 300, 100000, 1095, 1000000, 1200);

CREATE TABLE subscriptions (
    client_id   uuid PRIMARY KEY REFERENCES clients ON DELETE CASCADE,
    tier        text NOT NULL DEFAULT 'free' REFERENCES plans,
    source      text NOT NULL DEFAULT 'default' CHECK (source IN ('default', 'operator', 'stripe', 'discord')),
    external_id text,
    grace_until timestamptz,               -- set on a downgrade
    updated_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE usage_daily (
    client_id          uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    day                date NOT NULL,      -- UTC
    polls              bigint NOT NULL DEFAULT 0,
    posts_tracked      bigint NOT NULL DEFAULT 0,
    notifications_sent bigint NOT NULL DEFAULT 0,
    api_requests       bigint NOT NULL DEFAULT 0,
    exports            bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (client_id, day)
);

CREATE TABLE api_keys (
    client_id    uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    id           uuid NOT NULL,
    key_id       text NOT NULL UNIQUE CHECK (key_id ~ '^[0-9A-Za-z]{8}$'),
    secret_hash  bytea NOT NULL,
    name         text NOT NULL,
    scopes       text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'write'] AND cardinality(scopes) > 0),
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    PRIMARY KEY (client_id, id)
);

-- The change log. Address and user agent stay outside the hash chain, so that erasing them keeps it valid.
CREATE TABLE audit_log (
    client_id    uuid NOT NULL REFERENCES clients,
    seq          bigint NOT NULL,
    id           uuid NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL,
    guild_id     text NOT NULL,
    actor_id     text NOT NULL,
    actor_type   text NOT NULL CHECK (actor_type IN ('user', 'system', 'bot', 'api_key')),
    actor_name   text NOT NULL DEFAULT '',
    action       text NOT NULL,
    target_type  text NOT NULL,
    target_id    text NOT NULL,
    changes      text NOT NULL,            -- JSON array of {field, old, new}, the very bytes that were hashed
    source       text NOT NULL CHECK (source IN ('dashboard', 'bot', 'api', 'system')),
    request_id   text NOT NULL DEFAULT '',
    ip_address   inet,
    user_agent   text NOT NULL DEFAULT '',
    origin_hash  bytea NOT NULL,           -- salted hash of address and user agent
    previous     bytea NOT NULL,
    hash         bytea NOT NULL,
    PRIMARY KEY (client_id, seq)
);
CREATE INDEX audit_log_by_time ON audit_log (guild_id, created_at DESC, id DESC);
CREATE INDEX audit_log_by_client_time ON audit_log (client_id, created_at DESC, id DESC);

CREATE TABLE audit_heads (
    client_id uuid PRIMARY KEY REFERENCES clients,
    seq       bigint NOT NULL,
    hash      bytea NOT NULL,
    salt      bytea NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- The bot's health beacon: one row a bot; the built-in bot's id is 'main'.
CREATE TABLE bot_health (
    id             text PRIMARY KEY,
    last_heartbeat timestamptz NOT NULL,
    shard_count    integer NOT NULL,
    guild_count    integer NOT NULL,
    status         text NOT NULL CHECK (status IN ('online', 'degraded', 'offline')),
    version        text NOT NULL,
    updated_at     timestamptz NOT NULL DEFAULT now()
);

-- Gateway sessions by shard, so that a restarted bot resumes and misses no event.
CREATE TABLE gateway_sessions (
    shard_id    integer NOT NULL,
    shard_count integer NOT NULL,
    session_id  text NOT NULL,
    sequence    bigint NOT NULL,
    resume_url  text NOT NULL,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (shard_id, shard_count)
);

-- People and their sessions. These rows belong to a user, not to a tenant:
-- the API's role alone may touch them and every query names the user.

-- +goose Up
CREATE TABLE users (
    id            text PRIMARY KEY CHECK (id ~ '^[0-9]{17,20}$'),
    username      text NOT NULL,
    global_name   text,
    avatar_hash   text,
    guilds_confirmed_at timestamptz,       -- when Discord last told the whole guild list
    guilds_attempted_at timestamptz,       -- when a replica last began to ask for it: one a minute
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

-- One Discord grant a user: revoking any of its tokens ends the whole authorization.
CREATE TABLE discord_grants (
    user_id       text PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    access_token  bytea NOT NULL,          -- AES-GCM, key from ENCRYPTION_KEY
    refresh_token bytea NOT NULL,          -- AES-GCM
    scope         text NOT NULL,
    expires_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL DEFAULT now()
);

-- The user's guild list as Discord last told it: 60 s fresh, 24 h usable when Discord is down.
CREATE TABLE user_guilds (
    user_id       text NOT NULL REFERENCES users ON DELETE CASCADE,
    guild_id      text NOT NULL CHECK (guild_id ~ '^[0-9]{17,20}$'),
    name          text NOT NULL,
    icon_hash     text,
    is_owner      boolean NOT NULL,
    permissions   text NOT NULL,           -- decimal string beyond 2^53
    confirmed_at  timestamptz NOT NULL,    -- when the rights were last confirmed at Discord
    last_used_at  timestamptz,
    PRIMARY KEY (user_id, guild_id)
);
CREATE INDEX user_guilds_by_guild ON user_guilds (guild_id);

CREATE TABLE login_flows (
    id               uuid PRIMARY KEY,
    state_hash       bytea NOT NULL UNIQUE,
    discord_verifier text NOT NULL,
    challenge        text NOT NULL,
    dashboard_state  text NOT NULL,
    return_to        text NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz NOT NULL,
    used_at          timestamptz
);
CREATE INDEX login_flows_by_expiry ON login_flows (expires_at);

CREATE TABLE dashboard_sessions (
    id                    uuid PRIMARY KEY,
    user_id               text NOT NULL REFERENCES users ON DELETE CASCADE,
    refresh_token_hash    bytea NOT NULL,
    previous_hash         bytea,
    salt                  bytea NOT NULL,
    generation            integer NOT NULL DEFAULT 0,
    rotated_at            timestamptz,
    rotation_idempotency_hash bytea,       -- Idempotency-Key of the rotation that made this generation
    user_agent            text NOT NULL DEFAULT '',
    ip_address            inet,
    created_at            timestamptz NOT NULL DEFAULT now(),
    last_used_at          timestamptz NOT NULL DEFAULT now(),
    expires_at            timestamptz NOT NULL,
    revoked_at            timestamptz,
    revoked_reason        text CHECK (revoked_reason IN ('logout', 'logout_all', 'ended_by_user', 'token_replay', 'code_replay', 'deauthorized', 'operator'))
);
CREATE INDEX dashboard_sessions_by_user ON dashboard_sessions (user_id, expires_at);

CREATE TABLE login_codes (
    code_hash   bytea PRIMARY KEY,
    user_id     text NOT NULL REFERENCES users ON DELETE CASCADE,
    challenge   text NOT NULL,
    user_agent  text NOT NULL DEFAULT '',  -- the browser's, as the callback saw it: the exchange
    ip_address  inet,                      -- comes from the dashboard's server
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    session_id  uuid REFERENCES dashboard_sessions ON DELETE SET NULL
);
CREATE INDEX login_codes_by_expiry ON login_codes (expires_at);

-- Sliding logs of attempts, exact across replicas: a row a bucket, oldest first. UNLOGGED: after a
-- crash an empty log is right. Rows are rewritten in place, for which half of each page stays free.
CREATE UNLOGGED TABLE rate_events (
    bucket    text PRIMARY KEY,
    at        timestamptz[] NOT NULL,      -- at most as many as the limit admits
    admitted  boolean NOT NULL             -- the latest attempt
) WITH (fillfactor = 50);

-- Budgets that fill up at a steady rate (GCRA), shared by replicas.
CREATE UNLOGGED TABLE rate_budgets (
    bucket      text PRIMARY KEY,
    due         timestamptz NOT NULL,      -- when all that was granted is paid back
    granted     integer NOT NULL,          -- by the latest request
    per_minute  integer NOT NULL
) WITH (fillfactor = 50);

-- Since when each key that signs access tokens has been in use. Ids give nothing of the keys away.
CREATE TABLE jwt_keys (
    kid           text PRIMARY KEY,
    first_used_at timestamptz NOT NULL DEFAULT now()
);

-- Nonces of signed internal requests, kept for longer than the signature's window.
CREATE TABLE request_nonces (
    key_id  text NOT NULL,
    nonce   text NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (key_id, nonce)
);
CREATE INDEX request_nonces_by_age ON request_nonces (seen_at);

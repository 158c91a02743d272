-- What is tracked. A source is the real account at its platform and is polled once, however
-- many tenants track it; a client account is one tenant's interest in it.

-- +goose Up
CREATE TABLE sources (
    id             uuid PRIMARY KEY,
    platform       text NOT NULL CHECK (platform IN ('rss', 'bluesky', 'mastodon', 'youtube', 'twitch', 'x', 'instagram', 'tiktok')),
    external_id    text NOT NULL,
    handle         text NOT NULL,
    display_name   text NOT NULL,
    url            text NOT NULL,
    avatar_url     text NOT NULL DEFAULT '',
    followers      bigint,
    state          text NOT NULL DEFAULT 'learning' CHECK (state IN ('learning', 'ok', 'quiet', 'failing', 'incident', 'gone')),
    state_since    timestamptz NOT NULL DEFAULT now(),
    state_reason   text NOT NULL DEFAULT '',
    lane           smallint NOT NULL CHECK (lane BETWEEN 0 AND 255), -- fairness class of the poller, by the tenant that brought the source
    cursor         text NOT NULL DEFAULT '',
    etag           text NOT NULL DEFAULT '',
    last_modified  text NOT NULL DEFAULT '',
    failures       integer NOT NULL DEFAULT 0,
    last_polled_at timestamptz,            -- last answer of the platform that could be used (304 too)
    last_post_at   timestamptz,
    next_poll_at   timestamptz,            -- NULL: nobody tracks it
    lease_token    uuid,                   -- who polls it now; a late answer of another is dropped
    created_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (platform, external_id)
);
CREATE INDEX sources_due ON sources (lane, next_poll_at) WHERE next_poll_at IS NOT NULL;

CREATE TABLE brands (
    client_id  uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    id         uuid NOT NULL,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id)
);
CREATE UNIQUE INDEX brands_by_name ON brands (client_id, lower(name));

CREATE TABLE account_groups (
    client_id  uuid NOT NULL,
    id         uuid NOT NULL,
    brand_id   uuid NOT NULL,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id),
    UNIQUE (client_id, brand_id, id),
    FOREIGN KEY (client_id, brand_id) REFERENCES brands (client_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX account_groups_by_name ON account_groups (client_id, brand_id, lower(name));

CREATE TABLE client_accounts (
    client_id     uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    id            uuid NOT NULL,
    brand_id      uuid NOT NULL,
    group_id      uuid NOT NULL,
    source_id     uuid NOT NULL REFERENCES sources,
    channel_id    text CHECK (channel_id ~ '^[0-9]{17,20}$'),
    paused        text CHECK (paused IN ('paused', 'paused_by_plan')),
    paused_since  timestamptz,
    paused_reason text NOT NULL DEFAULT '',
    announce_latest boolean NOT NULL DEFAULT false, -- announce the newest post of the baseline
    baseline_at   timestamptz,             -- NULL until the first poll: what that finds is stored, not announced
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id),
    UNIQUE (client_id, source_id),
    FOREIGN KEY (client_id, brand_id, group_id) REFERENCES account_groups (client_id, brand_id, id) ON DELETE CASCADE ON UPDATE CASCADE,
    CHECK ((paused IS NULL) = (paused_since IS NULL))
);
CREATE INDEX client_accounts_by_brand ON client_accounts (client_id, brand_id, id);
CREATE INDEX client_accounts_by_group ON client_accounts (client_id, group_id, id);
CREATE INDEX client_accounts_by_source ON client_accounts (source_id);

-- A post as the platform knows it: identity, fingerprint and measuring schedule, shared by all tenants.
CREATE TABLE source_posts (
    id              uuid PRIMARY KEY,
    source_id       uuid NOT NULL REFERENCES sources ON DELETE CASCADE,
    external_id     text NOT NULL,
    fingerprint     bytea NOT NULL,        -- of the content, to notice an edit
    published_at    timestamptz NOT NULL,
    first_seen_at   timestamptz NOT NULL DEFAULT now(),
    next_measure_at timestamptz,           -- NULL: the ladder has ended or the platform has no metrics
    UNIQUE (source_id, external_id)
);
CREATE INDEX source_posts_to_measure ON source_posts (next_measure_at) WHERE next_measure_at IS NOT NULL;

-- Metric history of a post. NULL: the platform has no such figure.
CREATE TABLE post_metrics (
    source_post_id uuid NOT NULL REFERENCES source_posts ON DELETE CASCADE,
    measured_at    timestamptz NOT NULL,
    views          bigint,
    likes          bigint,
    comments       bigint,
    shares         bigint,
    PRIMARY KEY (source_post_id, measured_at)
);

-- A tenant's copy of a post: what its lists, filters and retention work on, with the latest figures.
CREATE TABLE posts (
    client_id      uuid NOT NULL,
    id             uuid NOT NULL,
    account_id     uuid NOT NULL,
    brand_id       uuid NOT NULL,          -- of the account, kept equal when it moves
    group_id       uuid NOT NULL,
    source_post_id uuid NOT NULL REFERENCES source_posts,
    platform       text NOT NULL CHECK (platform IN ('rss', 'bluesky', 'mastodon', 'youtube', 'twitch', 'x', 'instagram', 'tiktok')),
    kind           text NOT NULL CHECK (kind IN ('post', 'video', 'short', 'live', 'reply', 'repost')),
    external_id    text NOT NULL,
    url            text NOT NULL,
    title          text NOT NULL DEFAULT '',
    body           text NOT NULL DEFAULT '',
    author_name    text NOT NULL DEFAULT '',
    thumbnail_url  text NOT NULL DEFAULT '',
    published_at   timestamptz NOT NULL,
    first_seen_at  timestamptz NOT NULL,
    edited_at      timestamptz,
    removed_at     timestamptz,
    views          bigint,
    likes          bigint,
    comments       bigint,
    shares         bigint,
    measured_at    timestamptz,
    PRIMARY KEY (client_id, id),
    UNIQUE (client_id, account_id, source_post_id),
    FOREIGN KEY (client_id, account_id) REFERENCES client_accounts (client_id, id) ON DELETE CASCADE
);
CREATE INDEX posts_by_time     ON posts (client_id, published_at DESC, id DESC);
CREATE INDEX posts_by_account  ON posts (client_id, account_id, published_at DESC, id DESC);
CREATE INDEX posts_by_group    ON posts (client_id, group_id, published_at DESC, id DESC);
CREATE INDEX posts_by_brand    ON posts (client_id, brand_id, published_at DESC, id DESC);
CREATE INDEX posts_by_platform ON posts (client_id, platform, published_at DESC, id DESC);
CREATE INDEX posts_by_kind     ON posts (client_id, kind, published_at DESC, id DESC);
CREATE INDEX posts_by_views    ON posts (client_id, (coalesce(views, -1)) DESC, id DESC);
CREATE INDEX posts_by_likes    ON posts (client_id, (coalesce(likes, -1)) DESC, id DESC);
CREATE INDEX posts_by_source_post ON posts (source_post_id);

CREATE TABLE websub_subscriptions (
    id            uuid PRIMARY KEY,
    source_id     uuid NOT NULL UNIQUE REFERENCES sources ON DELETE CASCADE,
    token         text NOT NULL UNIQUE,    -- unguessable part of the callback path
    secret        bytea NOT NULL,
    hub_url       text NOT NULL,
    topic_url     text NOT NULL,
    state         text NOT NULL CHECK (state IN ('pending', 'active', 'denied', 'expired')),
    lease_until   timestamptz,
    updated_at    timestamptz NOT NULL DEFAULT now()
);

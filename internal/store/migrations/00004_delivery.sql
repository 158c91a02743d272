-- Where posts go and the outbox that takes them there.

-- +goose Up
CREATE TABLE routes (
    client_id       uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    id              uuid NOT NULL,
    account_id      uuid,
    group_id        uuid,
    brand_id        uuid,
    channel_id      text NOT NULL,
    kinds           text[] NOT NULL DEFAULT '{post,video,short,live}',
    include         text[] NOT NULL DEFAULT '{}',
    exclude         text[] NOT NULL DEFAULT '{}',
    mention_role_id text,
    template        text NOT NULL DEFAULT '',
    paused_at       timestamptz,
    paused_reason   text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id),
    CHECK (num_nonnulls(account_id, group_id, brand_id) = 1),
    FOREIGN KEY (client_id, account_id) REFERENCES client_accounts (client_id, id) ON DELETE CASCADE,
    FOREIGN KEY (client_id, group_id) REFERENCES account_groups (client_id, id) ON DELETE CASCADE,
    FOREIGN KEY (client_id, brand_id) REFERENCES brands (client_id, id) ON DELETE CASCADE,
    FOREIGN KEY (client_id, channel_id) REFERENCES guild_channels (client_id, id) ON DELETE CASCADE
);

-- One row a channel with work: the unit that is claimed, so that order within a channel
-- and fairness between tenants cost no scan of the outbox. Whoever enqueues locks the
-- channel's row first, which makes the order of seq the order of commits.
CREATE TABLE channel_queues (
    client_id      uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    channel_id     text NOT NULL,
    due_at         timestamptz,            -- NULL: nothing to send, or the channel is paused
    lease_token    uuid,
    lease_until    timestamptz,
    served_at      timestamptz NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (client_id, channel_id)
);
CREATE INDEX channel_queues_due ON channel_queues (due_at) WHERE due_at IS NOT NULL;

CREATE SEQUENCE delivery_seq;

-- The outbox. A row is written in the transaction of its post.
CREATE TABLE deliveries (
    client_id       uuid NOT NULL,
    id              uuid NOT NULL,
    seq             bigint NOT NULL DEFAULT nextval('delivery_seq'),
    kind            text NOT NULL CHECK (kind IN ('post', 'notice')),
    route_id        uuid,                  -- NULL: the account's own channel or the guild's default
    post_id         uuid,
    channel_id      text,                  -- NULL only when skipped for want of a channel
    notice_key      text,                  -- what a notice is about, once for ever
    payload         jsonb,                 -- the message of a notice
    state           text NOT NULL CHECK (state IN ('pending', 'sending', 'retry', 'sent', 'dead', 'skipped')),
    reason          text NOT NULL DEFAULT '',
    attempts        integer NOT NULL DEFAULT 0,
    plain           boolean NOT NULL DEFAULT false, -- Discord refused the embed: plain text is the second and last try
    retry_at        timestamptz,
    attempted_at    timestamptz,           -- first time the message may have left
    published_at    timestamptz,
    detected_at     timestamptz NOT NULL,
    queued_at       timestamptz NOT NULL DEFAULT now(),
    delivered_at    timestamptz,
    message_id      text,
    trail           jsonb NOT NULL DEFAULT '[]', -- decisions: [{at, event, detail}]
    PRIMARY KEY (client_id, id),
    CHECK (state = 'skipped' OR channel_id IS NOT NULL),
    CHECK ((kind = 'post') = (post_id IS NOT NULL)),
    CHECK ((kind = 'notice') = (notice_key IS NOT NULL)),
    FOREIGN KEY (client_id, post_id) REFERENCES posts (client_id, id) ON DELETE CASCADE,
    FOREIGN KEY (client_id, route_id) REFERENCES routes (client_id, id) ON DELETE SET NULL (route_id)
);
CREATE UNIQUE INDEX deliveries_once_by_route ON deliveries (client_id, route_id, post_id, kind) WHERE route_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_once_by_channel ON deliveries (client_id, post_id, channel_id, kind) WHERE post_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_once_notice ON deliveries (client_id, notice_key) WHERE notice_key IS NOT NULL;
CREATE INDEX deliveries_by_channel ON deliveries (client_id, channel_id, seq) WHERE state IN ('pending', 'sending', 'retry');

CREATE TABLE exports (
    client_id    uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    id           uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('posts', 'accounts', 'audit', 'usage')),
    format       text NOT NULL CHECK (format IN ('csv', 'xlsx', 'jsonl')),
    filters      jsonb NOT NULL DEFAULT '{}',
    state        text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed', 'expired')),
    rows         bigint NOT NULL DEFAULT 0,
    bytes        bigint NOT NULL DEFAULT 0,
    error        text,
    location     text,
    idempotency_key text,
    requested_by text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    PRIMARY KEY (client_id, id),
    UNIQUE (client_id, idempotency_key)
);

CREATE TABLE shares (
    client_id  uuid NOT NULL,
    id         uuid NOT NULL,
    brand_id   uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    PRIMARY KEY (client_id, id),
    FOREIGN KEY (client_id, brand_id) REFERENCES brands (client_id, id) ON DELETE CASCADE
);

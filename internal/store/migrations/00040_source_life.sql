-- The life of a source in depth: rhythm, failures with their kind, incidents of platforms, moves,
-- follower history, removed posts, and what each tenant was told of its accounts.

-- +goose Up
ALTER TABLE sources
    ADD COLUMN host             text NOT NULL DEFAULT '',  -- whose trouble a failure may be; '' until the first poll
    ADD COLUMN gap_seconds      bigint,                    -- median time between posts; NULL: too few posts to tell
    ADD COLUMN long_gap_seconds bigint,                    -- time between posts that 4 of 5 gaps stay under
    ADD COLUMN failing_since    timestamptz,               -- first failure in a row
    ADD COLUMN failed_at        timestamptz,               -- latest failure in a row
    ADD COLUMN failure_kind     text NOT NULL DEFAULT '',  -- of the latest failure in a row, as package source names it
    ADD COLUMN hold_until       timestamptz,               -- the source asked not to be asked before
    ADD COLUMN gone_since       timestamptz,               -- first answer in a row that the account does not exist
    ADD COLUMN gone_answers     integer NOT NULL DEFAULT 0,
    ADD COLUMN moved_to         text,                      -- target of a permanent redirect, not yet followed
    ADD COLUMN moved_since      timestamptz,
    ADD COLUMN moved_seen       integer NOT NULL DEFAULT 0;
CREATE INDEX sources_by_host ON sources (platform, host) WHERE next_poll_at IS NOT NULL;
CREATE INDEX sources_failing ON sources (failing_since) WHERE failing_since IS NOT NULL;
CREATE INDEX sources_in_trouble ON sources (state_since) WHERE state IN ('quiet', 'failing', 'gone');
CREATE INDEX sources_moved ON sources (moved_since) WHERE moved_to IS NOT NULL;
CREATE INDEX sources_unwatched ON sources (id) WHERE next_poll_at IS NULL;

-- While a row is open the platform is held to be at fault for its failing accounts. host '': the whole platform.
CREATE TABLE platform_incidents (
    id            uuid PRIMARY KEY,
    platform      text NOT NULL,
    host          text NOT NULL,
    started_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    start_told_at timestamptz,
    end_told_at   timestamptz
);
CREATE UNIQUE INDEX platform_incidents_open ON platform_incidents (platform, host) WHERE ended_at IS NULL;
CREATE INDEX platform_incidents_by_end ON platform_incidents (platform, host, ended_at);

-- Followers of an account, one row a day.
CREATE TABLE follower_metrics (
    source_id   uuid NOT NULL REFERENCES sources ON DELETE CASCADE,
    measured_at timestamptz NOT NULL,
    followers   bigint NOT NULL,
    PRIMARY KEY (source_id, measured_at)
);

ALTER TABLE source_posts
    ADD COLUMN missing_since timestamptz,               -- first answer in a row that the post is not there
    ADD COLUMN removed_at    timestamptz;               -- confirmed; NULL again should it come back
CREATE INDEX source_posts_by_time ON source_posts (source_id, published_at DESC);

ALTER TABLE client_accounts
    ADD COLUMN told_state text NOT NULL DEFAULT 'ok' CHECK (told_state IN ('ok', 'quiet', 'failing', 'gone')), -- last told in the guild
    ADD COLUMN told_at    timestamptz;
CREATE INDEX client_accounts_told ON client_accounts (source_id) WHERE told_state <> 'ok';

GRANT SELECT ON platform_incidents, follower_metrics TO trackbot_api, trackbot_bot, trackbot_notifier;
GRANT SELECT, INSERT, UPDATE, DELETE ON platform_incidents, follower_metrics TO trackbot_worker, trackbot_admin;

CREATE OR REPLACE VIEW account_items WITH (security_invoker = true) AS
SELECT a.client_id, a.id, a.brand_id, a.group_id, a.channel_id, a.created_at,
       s.platform, s.handle, s.display_name, s.url, s.avatar_url, s.followers, s.last_post_at,
       coalesce(a.paused, CASE WHEN a.baseline_at IS NULL AND s.state IN ('ok', 'quiet') THEN 'learning' ELSE s.state END)::text AS state,
       CASE WHEN a.paused IS NOT NULL THEN a.paused_since
            WHEN a.baseline_at IS NULL THEN greatest(a.created_at, s.state_since)
            ELSE greatest(a.baseline_at, s.state_since) END::timestamptz AS state_since,
       CASE WHEN a.paused IS NOT NULL THEN a.paused_reason ELSE s.state_reason END::text AS state_reason,
       CASE WHEN a.baseline_at IS NOT NULL THEN s.last_polled_at END AS last_polled_at,
       CASE WHEN a.paused IS NULL THEN s.next_poll_at END AS next_poll_at,
       s.failure_kind, a.source_id
FROM client_accounts a JOIN sources s ON s.id = a.source_id;

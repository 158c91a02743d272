-- Figures by day for analytics. A day's sums are rolled up by the worker; what changes posts marks their day in its own
-- transaction, and a marked day is summed from the posts themselves until it is rolled up again. So what is read is right
-- at any time, and the roll-up makes it fast.

-- +goose Up
-- Days whose sums changed: UTC days, whatever the tenant's zone is. Only ever inserted and deleted, without a unique key,
-- so that those who mark never wait for one another. No key to clients either: the posts of a client that is deleted
-- mark their days after it has gone.
CREATE TABLE figure_marks (
    client_id uuid NOT NULL,
    day       date NOT NULL,
    id        bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (client_id, day, id)
);

-- Days that are rolled up, by the bounds they had in the tenant's zone: with another zone they are other days.
CREATE TABLE figure_days (
    client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL CHECK (ends_at > starts_at),
    rolled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, starts_at)
);

-- The sums of a day's posts, removed ones left out, by account, and once more by brand and platform, of which a tenant
-- has few. NULL: none of the posts has such a figure.
CREATE TABLE figures (
    client_id  uuid NOT NULL,
    starts_at  timestamptz NOT NULL,
    per        text NOT NULL CHECK (per IN ('account', 'brand')),
    brand_id   uuid NOT NULL,
    platform   text NOT NULL,
    account_id uuid NOT NULL,              -- zero per brand
    posts      bigint NOT NULL,
    views      bigint,
    likes      bigint,
    comments   bigint,
    shares     bigint,
    PRIMARY KEY (client_id, starts_at, per, brand_id, platform, account_id),
    FOREIGN KEY (client_id, starts_at) REFERENCES figure_days (client_id, starts_at) ON DELETE CASCADE
);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['figure_marks', 'figure_days', 'figures'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format($p$CREATE POLICY tenant ON %I TO trackbot_api, trackbot_bot
            USING (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))
            WITH CHECK (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))$p$, t);
        EXECUTE format('CREATE POLICY service ON %I TO trackbot_worker, trackbot_notifier, trackbot_admin USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
-- +goose StatementEnd
-- Posts that go with their account are deleted as the owner, who from PostgreSQL 18 on runs their trigger too.
CREATE POLICY cascade ON figure_marks FOR INSERT TO CURRENT_USER WITH CHECK (true);
GRANT SELECT, INSERT ON figure_marks TO trackbot_api, trackbot_bot;
GRANT SELECT ON figure_days, figures TO trackbot_api, trackbot_bot;
GRANT SELECT, INSERT, UPDATE, DELETE ON figure_marks, figure_days, figures TO trackbot_worker, trackbot_admin;

-- +goose StatementBegin
CREATE FUNCTION mark_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_marks (client_id, day)
    SELECT DISTINCT client_id, (published_at AT TIME ZONE 'UTC')::date FROM changed;
    RETURN NULL;
END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION mark_changed_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_marks (client_id, day)
    SELECT DISTINCT d.client_id, (d.published_at AT TIME ZONE 'UTC')::date
    FROM before b JOIN after a ON a.client_id = b.client_id AND a.id = b.id
    CROSS JOIN LATERAL (VALUES (b.client_id, b.published_at), (a.client_id, a.published_at)) d (client_id, published_at)
    WHERE (b.published_at, b.removed_at IS NULL, b.account_id, b.brand_id, b.platform, b.views, b.likes, b.comments, b.shares)
        IS DISTINCT FROM (a.published_at, a.removed_at IS NULL, a.account_id, a.brand_id, a.platform, a.views, a.likes, a.comments, a.shares);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER posts_mark_inserted AFTER INSERT ON posts REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION mark_figures();
CREATE TRIGGER posts_mark_deleted AFTER DELETE ON posts REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION mark_figures();
CREATE TRIGGER posts_mark_updated AFTER UPDATE ON posts REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION mark_changed_figures();

-- In another zone the days that are rolled up are worthless: all are to be done anew.
-- +goose StatementBegin
CREATE FUNCTION mark_rolled_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO figure_marks (client_id, day)
    SELECT DISTINCT f.client_id, (f.starts_at AT TIME ZONE 'UTC')::date FROM figure_days f WHERE f.client_id = NEW.client_id
    UNION
    SELECT DISTINCT f.client_id, ((f.ends_at - interval '1 microsecond') AT TIME ZONE 'UTC')::date FROM figure_days f WHERE f.client_id = NEW.client_id;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER settings_mark_rolled AFTER UPDATE ON guild_settings FOR EACH ROW
    WHEN (OLD.timezone IS DISTINCT FROM NEW.timezone) EXECUTE FUNCTION mark_rolled_figures();

-- Posts that are there already. Their table hides its rows from its owner, but for this one statement.
ALTER TABLE posts NO FORCE ROW LEVEL SECURITY;
INSERT INTO figure_marks (client_id, day) SELECT DISTINCT client_id, (published_at AT TIME ZONE 'UTC')::date FROM posts;
ALTER TABLE posts FORCE ROW LEVEL SECURITY;

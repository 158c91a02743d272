-- What a tenant is entitled to, said in one place. Who may say so are grants: an operator's word, a subscription at
-- Stripe, an entitlement at Discord; subscriptions holds what they come to (internal/plan). A smaller plan has a grace: what
-- there is stays and runs as before, and nothing more may be added than the new plan has room for.

-- +goose Up
ALTER TABLE plans ADD COLUMN rank smallint NOT NULL DEFAULT 0;
UPDATE plans SET rank = CASE tier WHEN 'pro' THEN 1 WHEN 'enterprise' THEN 2 ELSE 0 END;

ALTER TABLE subscriptions
    ADD COLUMN since      timestamptz NOT NULL DEFAULT now(), -- of the tier
    ADD COLUMN ends_at    timestamptz,                        -- of the grant it comes from, where that is known
    ADD COLUMN grace_tier text REFERENCES plans,              -- what holds until grace_until
    ADD COLUMN grace_told_at timestamptz,                     -- that the manager knows what it ends with
    ADD COLUMN review_at  timestamptz;                        -- when a grant begins or ends by itself
UPDATE subscriptions SET since = updated_at;
CREATE INDEX subscriptions_to_review ON subscriptions (review_at) WHERE review_at IS NOT NULL;

CREATE TABLE plan_grants (
    source     text NOT NULL CHECK (source IN ('operator', 'stripe', 'discord')),
    id         text NOT NULL,   -- Stripe's subscription, Discord's entitlement, the tenant of an operator's word
    holder     text NOT NULL,   -- Stripe's customer, Discord's guild, 'operator'
    client_id  uuid REFERENCES clients ON DELETE CASCADE, -- NULL: nobody has said yet whose it is
    named      text,            -- the tenant that the subscription itself names, if it does
    product    text NOT NULL DEFAULT '',
    tier       text REFERENCES plans, -- NULL: what was bought is no plan here
    live       boolean NOT NULL,
    starts_at  timestamptz,
    ends_at    timestamptz,
    event_at   timestamptz NOT NULL,  -- of the newest event; those before it change nothing
    event_rank text NOT NULL DEFAULT '', -- orders events of one second
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, id)
);
CREATE INDEX plan_grants_by_client ON plan_grants (client_id);
CREATE INDEX plan_grants_by_holder ON plan_grants (source, holder);

-- Which tenant a Stripe customer bought for: at the checkout of a subscription (reference), and the first time ('').
CREATE TABLE plan_links (
    holder    text NOT NULL,
    reference text NOT NULL,
    client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    event_at  timestamptz NOT NULL,
    event_id  text NOT NULL,
    PRIMARY KEY (holder, reference)
);
CREATE INDEX plan_links_by_client ON plan_links (client_id);

-- The tenant reads what it was granted. Who takes a seller's word sees that holder's grants, whosever they are.
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['plan_grants', 'plan_links'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format($p$CREATE POLICY tenant ON %I FOR SELECT TO trackbot_api, trackbot_bot
            USING (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))$p$, t);
        EXECUTE format($p$CREATE POLICY holder ON %I TO trackbot_api, trackbot_bot
            USING (holder = (SELECT nullif(current_setting('app.plan_holder', true), '')))
            WITH CHECK (holder = (SELECT nullif(current_setting('app.plan_holder', true), '')))$p$, t);
        EXECUTE format('CREATE POLICY service ON %I TO trackbot_worker, trackbot_admin USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
-- +goose StatementEnd
-- The bot is told by Discord of all guilds at once.
CREATE POLICY discord ON plan_grants FOR SELECT TO trackbot_bot USING (source = 'discord');

GRANT SELECT, INSERT, UPDATE ON plan_grants, plan_links TO trackbot_api, trackbot_bot;
GRANT SELECT ON plan_grants TO trackbot_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON plan_grants, plan_links TO trackbot_admin;
GRANT UPDATE ON subscriptions TO trackbot_worker;

INSERT INTO plan_grants (source, id, holder, client_id, tier, live, event_at)
SELECT 'operator', client_id::text, 'operator', client_id, tier, true, updated_at FROM subscriptions WHERE source = 'operator';

-- The one answer to what a tenant may do, for all services.
CREATE VIEW entitlements WITH (security_invoker = true) AS
SELECT s.client_id, s.tier, s.source, s.since, s.ends_at, s.grace_tier, s.grace_until,
       bought.accounts, bought.brands,
       held.min_poll_seconds, held.notifications_per_day, held.retention_days, held.export_rows, held.api_requests_per_minute
FROM subscriptions s
JOIN plans bought ON bought.tier = s.tier
JOIN plans held ON held.tier = CASE WHEN s.grace_until > now() THEN coalesce(s.grace_tier, s.tier) ELSE s.tier END;
GRANT SELECT ON entitlements TO trackbot_api, trackbot_bot, trackbot_worker, trackbot_notifier, trackbot_admin, trackbot_export;

-- Who may do what. The service roles exist before the first migration runs (store.Migrate
-- makes them); none of them owns a table, so none can change the schema or skip row security.
-- Tables without client_id are shared facts or belong to users.

-- +goose Up
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOR t IN
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'client_id'
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        -- The sub-select makes it one evaluation a statement; after a transaction the setting is '' and not NULL.
        EXECUTE format($p$CREATE POLICY tenant ON %I TO trackbot_api, trackbot_bot
            USING (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))
            WITH CHECK (client_id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid))$p$, t);
        EXECUTE format('CREATE POLICY service ON %I TO trackbot_worker, trackbot_notifier, trackbot_admin USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
-- +goose StatementEnd

-- The directory of tenants: the API sees the tenant it serves, or those of the guild list it names.
ALTER TABLE clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE clients FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON clients TO trackbot_api USING (
    id = (SELECT nullif(current_setting('app.client_id', true), '')::uuid)
    OR guild_id = ANY ((SELECT string_to_array(current_setting('app.guild_ids', true), ','))::text[]));
CREATE POLICY service ON clients TO trackbot_bot, trackbot_worker, trackbot_notifier, trackbot_admin USING (true) WITH CHECK (true);

GRANT USAGE ON SCHEMA public TO trackbot_api, trackbot_bot, trackbot_worker, trackbot_notifier, trackbot_admin;
GRANT SELECT ON goose_db_version TO trackbot_api, trackbot_bot, trackbot_worker, trackbot_notifier, trackbot_admin;
GRANT SELECT ON plans TO trackbot_api, trackbot_bot, trackbot_worker, trackbot_notifier, trackbot_admin;

GRANT SELECT, INSERT, UPDATE, DELETE ON users, discord_grants, user_guilds, login_flows, login_codes, dashboard_sessions, rate_events, rate_budgets TO trackbot_api;
GRANT SELECT, INSERT, DELETE ON request_nonces TO trackbot_api;
GRANT SELECT, INSERT, UPDATE ON jwt_keys TO trackbot_api;
GRANT SELECT, INSERT, UPDATE ON bot_health TO trackbot_api, trackbot_bot;
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_sessions TO trackbot_bot;
GRANT UPDATE, DELETE, SELECT ON user_guilds TO trackbot_bot;

GRANT SELECT, INSERT, UPDATE ON clients, guild_settings, subscriptions TO trackbot_api, trackbot_bot;
GRANT SELECT ON guild_channels, guild_roles TO trackbot_api;
GRANT UPDATE (paused_at, paused_reason) ON guild_channels TO trackbot_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON guild_channels, guild_roles TO trackbot_bot;
GRANT SELECT, INSERT, UPDATE, DELETE ON brands, account_groups, client_accounts, routes TO trackbot_api, trackbot_bot;
GRANT SELECT, INSERT, UPDATE ON sources TO trackbot_api, trackbot_bot;
GRANT SELECT, UPDATE (brand_id, group_id) ON posts TO trackbot_api, trackbot_bot;
GRANT SELECT ON source_posts, post_metrics TO trackbot_api, trackbot_bot;
GRANT SELECT, INSERT, UPDATE ON deliveries, channel_queues, usage_daily TO trackbot_api, trackbot_bot;
GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys, exports, shares TO trackbot_api;
GRANT SELECT, UPDATE ON websub_subscriptions TO trackbot_api;
GRANT SELECT, INSERT ON audit_log TO trackbot_api, trackbot_bot, trackbot_worker, trackbot_notifier, trackbot_admin;
GRANT SELECT, INSERT, UPDATE ON audit_heads TO trackbot_api, trackbot_bot, trackbot_worker, trackbot_notifier, trackbot_admin;

GRANT SELECT ON clients, guild_settings, subscriptions, brands, account_groups, routes, guild_channels, bot_health TO trackbot_worker, trackbot_notifier;
GRANT SELECT, INSERT, UPDATE, DELETE ON sources, source_posts, post_metrics, posts, websub_subscriptions, exports TO trackbot_worker;
GRANT SELECT, UPDATE ON client_accounts TO trackbot_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON deliveries, channel_queues, usage_daily TO trackbot_worker, trackbot_notifier;
GRANT SELECT ON client_accounts, posts TO trackbot_notifier;
GRANT UPDATE (paused_at, paused_reason) ON guild_channels TO trackbot_notifier;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO trackbot_admin;
REVOKE UPDATE, DELETE ON audit_log FROM trackbot_admin;
REVOKE INSERT, UPDATE, DELETE ON goose_db_version FROM trackbot_admin;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO trackbot_api, trackbot_bot, trackbot_worker, trackbot_notifier, trackbot_admin;

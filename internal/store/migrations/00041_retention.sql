-- What the sweep needs: rights to take a removed tenant's data away, a mark that it is done, and indexes that
-- find what is old.

-- +goose Up
ALTER TABLE clients ADD COLUMN purged_at timestamptz; -- since the removal; the log of changes and the settings stay
CREATE INDEX clients_removed ON clients (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX follower_metrics_by_time ON follower_metrics USING brin (measured_at);

GRANT UPDATE (purged_at) ON clients TO trackbot_worker;
GRANT DELETE ON brands, guild_channels, api_keys TO trackbot_worker;
GRANT SELECT, DELETE ON guild_roles TO trackbot_worker;
GRANT SELECT ON api_keys TO trackbot_worker;

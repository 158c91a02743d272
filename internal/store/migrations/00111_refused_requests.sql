-- Requests that were refused for their number are counted by day, so that a tenant's managers can be told of it.

-- +goose Up
ALTER TABLE usage_daily ADD COLUMN api_refused bigint NOT NULL DEFAULT 0;

-- Who used most today is asked every minute for the operator; without an index by day that reads the
-- use of every tenant on every day.

-- +goose NO TRANSACTION
-- +goose Up
DROP INDEX CONCURRENTLY IF EXISTS usage_daily_by_day; -- of an attempt that was cut off
CREATE INDEX CONCURRENTLY usage_daily_by_day ON usage_daily (day);

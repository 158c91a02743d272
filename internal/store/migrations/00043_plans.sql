-- What a smaller plan has no room for is paused when its grace is over, and resumed when there is room again.

-- +goose Up
CREATE INDEX subscriptions_in_grace ON subscriptions (grace_until) WHERE grace_until IS NOT NULL;
CREATE INDEX client_accounts_by_plan_pause ON client_accounts (client_id) WHERE paused = 'paused_by_plan';
GRANT UPDATE (grace_until) ON subscriptions TO trackbot_worker;

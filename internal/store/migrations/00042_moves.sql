-- The worker lets a tenant's account at a feed's new address take over from the one at the old.

-- +goose Up
GRANT DELETE ON client_accounts TO trackbot_worker;

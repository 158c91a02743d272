-- name: ListGraces :many
-- Worker: tenants that moved to a smaller plan, with the end of their grace. Index subscriptions_in_grace.
SELECT s.client_id, s.grace_until::timestamptz AS grace_until FROM subscriptions s
JOIN clients c ON c.id = s.client_id AND c.removed_at IS NULL
WHERE s.grace_until IS NOT NULL ORDER BY s.grace_until LIMIT @max_clients::int;

-- name: ListPlanPaused :many
-- Worker: tenants with accounts that the plan has paused although it has room. Index client_accounts_by_plan_pause.
SELECT x.client_id FROM (SELECT DISTINCT a.client_id FROM client_accounts a WHERE a.paused = 'paused_by_plan') x
JOIN clients c ON c.id = x.client_id AND c.removed_at IS NULL
JOIN subscriptions s ON s.client_id = x.client_id
JOIN plans p ON p.tier = s.tier
WHERE p.accounts > (SELECT count(*) FROM client_accounts u WHERE u.client_id = x.client_id AND u.paused IS DISTINCT FROM 'paused_by_plan')
LIMIT @max_clients::int;

-- name: ListAccountsByAge :many
-- Worker: a tenant's accounts, those that the plan has paused or the others, oldest first. Index client_accounts_by_brand.
SELECT a.id, a.source_id, s.display_name FROM client_accounts a JOIN sources s ON s.id = a.source_id
WHERE a.client_id = @client_id AND (a.paused IS NOT DISTINCT FROM 'paused_by_plan') = @plan_paused::boolean
ORDER BY a.created_at, a.id;

-- name: LockSources :exec
-- Worker: sources before their accounts, in the order that everyone locks them in. Primary key.
SELECT FROM sources WHERE id = ANY (@ids::uuid[]) ORDER BY id FOR NO KEY UPDATE;

-- name: PauseByPlan :many
-- Worker. Primary key.
UPDATE client_accounts SET paused = 'paused_by_plan', paused_since = now(), paused_reason = @reason, updated_at = now()
WHERE client_id = @client_id AND id = ANY (@ids::uuid[]) AND paused IS DISTINCT FROM 'paused_by_plan'
RETURNING id;

-- name: EndGrace :exec
-- Worker: the plan holds from now on. Primary key.
UPDATE subscriptions SET grace_until = NULL WHERE client_id = @client_id;

-- name: GetEntitlement :one
-- plan.Of, all services: what a tenant is entitled to now. Primary keys.
SELECT * FROM entitlements WHERE client_id = @client_id;

-- name: LockSubscription :one
-- plan.Lock and plan.Settle: a tenant's plan, held until the commit, so that parallel requests count one after the other.
-- Primary key.
SELECT * FROM subscriptions WHERE client_id = @client_id FOR UPDATE;

-- name: ListPlans :many
-- plan.List, plan.Settle: the plans there are, smallest first. Three rows.
SELECT * FROM plans ORDER BY rank;

-- name: LockPlanHolder :exec
-- plan.Sales: one at a time takes what a seller says of a holder, so that what arrives at once is not matched past each other.
SELECT pg_advisory_xact_lock(hashtextextended('plan:' || @holder::text, 0));

-- name: PutGrant :execrows
-- plan.Sales: what an event says, unless a newer one has been heard; the same one again is taken again, since what its product
-- means may have changed. Primary key.
INSERT INTO plan_grants AS g (source, id, holder, named, product, tier, live, starts_at, ends_at, event_at, event_rank)
VALUES (@source, @id, @holder, sqlc.narg(named), @product, sqlc.narg(tier), @live, sqlc.narg(starts_at), sqlc.narg(ends_at), @event_at, @event_rank)
ON CONFLICT (source, id) DO UPDATE SET holder = excluded.holder, named = excluded.named, product = excluded.product, tier = excluded.tier,
    live = excluded.live, starts_at = excluded.starts_at, ends_at = excluded.ends_at, event_at = excluded.event_at,
    event_rank = excluded.event_rank, updated_at = now()
WHERE (g.event_at, g.event_rank) <= (excluded.event_at, excluded.event_rank);

-- name: EndGrant :exec
-- plan.Sales: a seller does not list it any more, unless something newer has been heard. Primary key.
UPDATE plan_grants SET live = false, event_at = @event_at, updated_at = now()
WHERE source = @source AND id = @id AND live AND event_at <= @event_at;

-- name: PutPlanLink :exec
-- plan.Sales: which tenant a customer bought for, by the earliest that said so. Primary key.
INSERT INTO plan_links AS l (holder, reference, client_id, event_at, event_id) VALUES (@holder, @reference, @client_id, @event_at, @event_id)
ON CONFLICT (holder, reference) DO UPDATE SET client_id = excluded.client_id, event_at = excluded.event_at, event_id = excluded.event_id
WHERE (l.event_at, l.event_id) > (excluded.event_at, excluded.event_id);

-- name: PutPlanLinkByHand :execrows
-- plan.Sales, operator: whom a customer, or one subscription of it, has bought for. It is older than any event, so it stays whatever
-- a checkout says. No row: it was said before. Primary key.
INSERT INTO plan_links AS l (holder, reference, client_id, event_at, event_id) VALUES (@holder, @reference, @client_id, 'epoch', 'operator')
ON CONFLICT (holder, reference) DO UPDATE SET client_id = excluded.client_id, event_at = excluded.event_at, event_id = excluded.event_id
WHERE (l.client_id, l.event_id) <> (excluded.client_id, excluded.event_id);

-- name: GetHolderOfGrant :one
-- plan.Sales, operator: whose a grant is at its seller. Primary key.
SELECT holder FROM plan_grants WHERE source = @source AND id = @id;

-- name: ListUnlinkedGrants :many
-- Operator: what was bought at Stripe and holds, for no tenant that is known, newest first. Index plan_grants_by_client.
SELECT id, holder, coalesce(named, '')::text AS named, product, coalesce(tier, '')::text AS tier, ends_at, event_at
FROM plan_grants WHERE client_id IS NULL AND source = 'stripe' AND live ORDER BY event_at DESC, id LIMIT 1000;

-- name: ListGrantsOfHolder :many
-- plan.Sales: a holder's grants with whose they are and whose its links say they are. Indexes plan_grants_by_holder, plan_links' key.
SELECT g.id, g.client_id, g.named, own.client_id AS own_client_id, first.client_id AS first_client_id
FROM plan_grants g
LEFT JOIN plan_links own ON own.holder = g.holder AND own.reference = g.id
LEFT JOIN plan_links first ON first.holder = g.holder AND first.reference = ''
WHERE g.source = @source AND g.holder = @holder ORDER BY g.id;

-- name: AssignGrant :exec
-- plan.Sales: whose a grant is. Primary key.
UPDATE plan_grants SET client_id = sqlc.narg(client_id) WHERE source = @source AND id = @id;

-- name: IsClient :one
-- plan.Sales: whether a tenant that somebody names exists, in its scope. Primary key.
SELECT EXISTS (SELECT FROM clients WHERE id = @client_id);

-- name: ListGrants :many
-- plan.Settle: all that a tenant was granted. Index plan_grants_by_client.
SELECT * FROM plan_grants WHERE client_id = @client_id ORDER BY source, id;

-- name: SettleSubscription :exec
-- plan.Settle: what the grants come to. Primary key.
UPDATE subscriptions SET tier = @tier, source = @source, external_id = sqlc.narg(external_id), since = @since, ends_at = sqlc.narg(ends_at),
    grace_tier = sqlc.narg(grace_tier), grace_until = sqlc.narg(grace_until),
    grace_told_at = CASE WHEN tier = @tier THEN grace_told_at END, review_at = sqlc.narg(review_at), updated_at = now()
WHERE client_id = @client_id;

-- name: FreeHeldByPlan :exec
-- plan.Settle, on a larger plan: what waits for the next day is looked at again by the notifier (ListOutdatedHolds). Index deliveries_held.
UPDATE deliveries SET held_version = 0
WHERE client_id = @client_id AND state = 'held' AND digest_id IS NULL AND reason = 'plan_limit';

-- name: ListReviews :many
-- Worker: tenants of whom a grant has begun or ended by itself. Index subscriptions_to_review.
SELECT client_id FROM subscriptions WHERE review_at <= @at::timestamptz ORDER BY review_at LIMIT @max_clients::int;

-- name: PutOperatorGrant :exec
-- Operator: his word on a tenant's plan. Primary key.
INSERT INTO plan_grants (source, id, holder, client_id, product, tier, live, ends_at, event_at)
VALUES ('operator', @id, 'operator', @client_id, '', @tier, true, sqlc.narg(ends_at), clock_timestamp())
ON CONFLICT (source, id) DO UPDATE SET tier = excluded.tier, live = true, ends_at = excluded.ends_at, event_at = excluded.event_at, updated_at = now();

-- name: DropOperatorGrant :execrows
-- Operator: takes his word back. Index plan_grants_by_client.
DELETE FROM plan_grants WHERE source = 'operator' AND client_id = @client_id;

-- name: ListDiscordGrants :many
-- Bot: live entitlements as they are known, in the bot's own scope; of one guild or of all. Index plan_grants_by_holder.
SELECT id, holder FROM plan_grants
WHERE source = 'discord' AND live AND coalesce(holder = sqlc.narg(guild_id)::text, true) ORDER BY holder, id;

-- name: ListGraces :many
-- Worker: tenants that moved to a smaller plan and were not told, or whose grace is over. Index subscriptions_in_grace.
SELECT s.client_id, s.grace_until::timestamptz AS grace_until FROM subscriptions s
JOIN clients c ON c.id = s.client_id AND c.active
WHERE s.grace_until IS NOT NULL AND (s.grace_told_at IS NULL OR s.grace_until <= @at::timestamptz)
ORDER BY s.grace_until LIMIT @max_clients::int;

-- name: ListPlanPaused :many
-- Worker: tenants with accounts that the plan has paused although it has room. Index client_accounts_by_plan_pause.
SELECT x.client_id FROM (SELECT DISTINCT a.client_id FROM client_accounts a WHERE a.paused = 'paused_by_plan') x
JOIN clients c ON c.id = x.client_id AND c.active
JOIN entitlements e ON e.client_id = x.client_id
WHERE e.accounts > (SELECT count(*) FROM client_accounts u WHERE u.client_id = x.client_id AND u.paused IS DISTINCT FROM 'paused_by_plan')
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

-- name: MarkGraceTold :exec
-- Worker: the manager knows what the grace ends with. Primary key.
UPDATE subscriptions SET grace_told_at = now() WHERE client_id = @client_id;

-- name: EndGrace :exec
-- Worker: the plan holds from now on. Primary key.
UPDATE subscriptions SET grace_until = NULL, grace_tier = NULL, grace_told_at = NULL WHERE client_id = @client_id;

-- name: HasUnclaimedGrant :one
-- Bot, with each guild it is in: whether it bought something before it was a tenant. Index plan_grants_by_holder.
SELECT EXISTS (SELECT FROM plan_grants WHERE source = 'discord' AND holder = @guild_id AND client_id IS NULL);

-- name: FindGuildClient :one
-- plan.Sales: the tenant of a guild, in the bot's scope or that of the guild's directory. Unique index on guild_id.
SELECT id FROM clients WHERE guild_id = @guild_id;

-- name: ListAccountsBeyond :many
-- API: the newest of a tenant's accounts beyond so many, oldest first, with the number of all of them that count. Index
-- client_accounts_by_brand.
SELECT a.id, s.platform, s.handle, s.display_name, count(*) OVER () AS counted
FROM client_accounts a JOIN sources s ON s.id = a.source_id
WHERE a.client_id = @client_id AND a.paused IS DISTINCT FROM 'paused_by_plan'
ORDER BY a.created_at, a.id OFFSET @room::int LIMIT @max_rows::int;

-- name: ListAccountsPausedByPlan :many
-- API: what the plan has paused of a tenant, the one that goes on first before the others. Index client_accounts_by_plan_pause.
SELECT a.id, s.platform, s.handle, s.display_name, count(*) OVER () AS counted
FROM client_accounts a JOIN sources s ON s.id = a.source_id
WHERE a.client_id = @client_id AND a.paused = 'paused_by_plan'
ORDER BY a.created_at, a.id LIMIT @max_rows::int;

-- name: TakeFromLog :one
-- Exact caps of the API: counts the attempt unless the log has @max_events of the last @window_seconds. The
-- row's lock orders concurrent attempts, and what is set is computed from the locked row by one reading
-- of the clock. at is sorted, so that width_bucket finds by bisection how many have left. Primary key.
WITH allowed AS (SELECT @max_events::int AS events, make_interval(secs => @window_seconds::float8) AS span)
INSERT INTO rate_events AS r (bucket, at, admitted) VALUES (@bucket, ARRAY[clock_timestamp()], true)
ON CONFLICT (bucket) DO UPDATE SET (at, admitted) = (
    SELECT CASE WHEN cardinality(r.at) - t.gone < t.events THEN r.at[t.gone + 1 :] || t.now ELSE r.at[t.gone + 1 :] END,
        cardinality(r.at) - t.gone < t.events
    FROM (SELECT c.now, width_bucket(c.now - allowed.span, r.at) AS gone, allowed.events
        FROM allowed, (SELECT clock_timestamp() AS now) c) t)
RETURNING admitted, cardinality(at)::int AS used,
    coalesce(extract(epoch FROM at[1] - clock_timestamp()) + @window_seconds::float8, 0)::float8 AS resets_in_seconds;

-- name: TakeFromBudget :one
-- Budgets of the API, of tenants and of their keys, in tenant scope: grants up to a twentieth of a minute's requests at
-- once, as many as fit. A key has one part in @parts of its tenant's rate; @burst_seconds is how far ahead of the rate
-- one may be; @at_least is a rate below which no tier puts it. Primary keys of subscriptions, plans and the budget.
WITH plan AS (
    SELECT greatest(@at_least::int, coalesce(
        (SELECT e.api_requests_per_minute FROM entitlements e WHERE e.client_id = @client_id),
        (SELECT p.api_requests_per_minute FROM plans p WHERE p.tier = 'free')) / @parts::int)::int AS per_minute,
        @burst_seconds::float8 AS burst
)
INSERT INTO rate_budgets AS b (bucket, due, granted, per_minute)
SELECT @bucket, clock_timestamp() + make_interval(secs => 60.0 / per_minute * greatest(per_minute / 20, 1)), greatest(per_minute / 20, 1), per_minute
FROM plan
ON CONFLICT (bucket) DO UPDATE SET (due, granted, per_minute) = (
    SELECT u.due + make_interval(secs => 60.0 / u.per_minute * u.granted), u.granted, u.per_minute
    FROM (SELECT t.due, t.per_minute, greatest(least(greatest(t.per_minute / 20, 1),
            floor((t.burst - extract(epoch FROM t.due - t.now)) * t.per_minute / 60)), 0)::int AS granted
        FROM (SELECT greatest(b.due, c.now) AS due, c.now, plan.per_minute, plan.burst
            FROM plan, (SELECT clock_timestamp() AS now) c) t) u)
RETURNING granted, per_minute, extract(epoch FROM due - clock_timestamp())::float8 AS due_in_seconds;

-- name: DeleteOldRateEvents :exec
-- Housekeeping: logs that no window reaches any more. Sequential, once an hour.
DELETE FROM rate_events WHERE coalesce(at[cardinality(at)], '-infinity') < clock_timestamp() - interval '1 hour';

-- name: DeleteOldRateBudgets :exec
-- Housekeeping: budgets that are full again. Sequential, once an hour.
DELETE FROM rate_budgets WHERE due < clock_timestamp();

-- name: AddAPIRequests :exec
-- API: meters a tenant's requests since the last time, in tenant scope. Primary key.
INSERT INTO usage_daily (client_id, day, api_requests) VALUES (@client_id, @day, @requests)
ON CONFLICT (client_id, day) DO UPDATE SET api_requests = usage_daily.api_requests + excluded.api_requests;

-- name: TakeFromLog :one
-- Exact caps of the API: takes as many of @wanted entries as the log has room for beside those of the last
-- @window_seconds, after @unused entries of the time @unused_at were given back. Those taken before their requests are
-- dated @hold_seconds ahead: none is used later than its date, so it never leaves the log too soon. The row's lock orders
-- concurrent attempts, and what is set is computed from the locked row by one reading of the clock. at is sorted, so
-- that width_bucket finds by bisection how many have left. Primary key.
WITH allowed AS (SELECT @max_events::int AS events, make_interval(secs => @window_seconds::float8) AS span,
    @wanted::int AS wanted, make_interval(secs => @hold_seconds::float8) AS hold, @unused::int AS unused, @unused_at::timestamptz AS unused_at)
INSERT INTO rate_events AS r (bucket, at, admitted, granted) SELECT @bucket, ARRAY[clock_timestamp() + hold], true, 1 FROM allowed
ON CONFLICT (bucket) DO UPDATE SET (at, admitted, granted) = (
    SELECT f.kept || array_fill(greatest(f.date, f.kept[cardinality(f.kept)]), ARRAY[f.free]), f.free > 0, f.free
    FROM (SELECT t.kept, t.date, greatest(least(t.wanted, t.events - cardinality(t.kept)), 0) AS free
        FROM (SELECT allowed.events, allowed.wanted, g.at[width_bucket(c.now - allowed.span, g.at) + 1 :] AS kept,
                c.now + allowed.hold AS date
            FROM allowed, (SELECT clock_timestamp() AS now) c,
                (SELECT CASE WHEN u.first IS NULL THEN r.at ELSE r.at[: u.first - 1] || r.at[u.first + u.unused :] END AS at
                    FROM (SELECT a.unused, CASE WHEN a.unused > 0 THEN array_position(r.at, a.unused_at) END AS first FROM allowed a) u) g) t) f)
RETURNING granted, cardinality(at)::int AS used, coalesce(at[cardinality(at)], clock_timestamp())::timestamptz AS dated,
    coalesce(extract(epoch FROM at[1] - clock_timestamp()) + @window_seconds::float8, 0)::float8 AS resets_in_seconds;

-- name: TakeFromBudget :one
-- Budgets of the API, of tenants and of their keys, in tenant scope: grants up to a twentieth of a minute's requests at
-- once, as many as fit. A key has one part in @parts of its tenant's rate; @burst_seconds is how far ahead of the rate
-- one may be; @at_least is a rate below which no tier puts it. What is
-- granted of a tenant's budget is counted at once, so that no crash loses requests; what is not used is given back later. The
-- commit need not wait for the disk. Primary keys of subscriptions, plans, the budget and the day's use.
WITH plan AS (
    SELECT greatest(@at_least::int, coalesce(
        (SELECT e.api_requests_per_minute FROM entitlements e WHERE e.client_id = @client_id),
        (SELECT p.api_requests_per_minute FROM plans p WHERE p.tier = 'free')) / @parts::int)::int AS per_minute,
        @burst_seconds::float8 AS burst
), taken AS (
INSERT INTO rate_budgets AS b (bucket, due, granted, per_minute)
SELECT @bucket, clock_timestamp() + make_interval(secs => 60.0 / per_minute * greatest(per_minute / 20, 1)), greatest(per_minute / 20, 1), per_minute
FROM plan
ON CONFLICT (bucket) DO UPDATE SET (due, granted, per_minute) = (
    SELECT u.due + make_interval(secs => 60.0 / u.per_minute * u.granted), u.granted, u.per_minute
    FROM (SELECT t.due, t.per_minute, greatest(least(greatest(t.per_minute / 20, 1),
            floor((t.burst - extract(epoch FROM t.due - t.now)) * t.per_minute / 60)), 0)::int AS granted
        FROM (SELECT greatest(b.due, c.now) AS due, c.now, plan.per_minute, plan.burst
            FROM plan, (SELECT clock_timestamp() AS now) c) t) u)
RETURNING granted, per_minute, due
), metered AS (
    INSERT INTO usage_daily AS d (client_id, day, api_requests)
    SELECT @client_id, @day::date, t.granted FROM taken t WHERE @metered::boolean AND t.granted > 0
    ON CONFLICT (client_id, day) DO UPDATE SET api_requests = d.api_requests + excluded.api_requests
), quick AS (SELECT set_config('synchronous_commit', 'off', true))
SELECT t.granted, t.per_minute, extract(epoch FROM t.due - clock_timestamp())::float8 AS due_in_seconds FROM taken t, quick;

-- name: DeleteOldRateEvents :exec
-- Housekeeping: logs that no window reaches any more. Sequential, once an hour.
DELETE FROM rate_events WHERE coalesce(at[cardinality(at)], '-infinity') < clock_timestamp() - interval '1 hour';

-- name: DeleteOldRateBudgets :exec
-- Housekeeping: budgets that are full again. Sequential, once an hour.
DELETE FROM rate_budgets WHERE due < clock_timestamp();

-- name: AddAPIRequests :one
-- API: meters a tenant's requests since the last time, and those that were refused for their number, in tenant scope; all
-- that were refused on that day. Primary key.
INSERT INTO usage_daily (client_id, day, api_requests, api_refused) VALUES (@client_id, @day, @requests, @refused)
ON CONFLICT (client_id, day) DO UPDATE SET api_requests = usage_daily.api_requests + excluded.api_requests,
    api_refused = usage_daily.api_refused + excluded.api_refused
RETURNING api_refused;

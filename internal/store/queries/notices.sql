-- name: Notify :exec
-- Whoever changes something that other processes keep in memory or stream. No table.
SELECT pg_notify(@channel, @payload);

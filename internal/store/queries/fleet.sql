-- name: BeatProcess :one
-- Worker, notifier, every few seconds: tells that a process lives, forgets those that have not for long, and counts the
-- others that divide the budget. A scan of a table with a row a process.
WITH beat AS (
    INSERT INTO processes (id, budget) VALUES (@id, @budget)
    ON CONFLICT (id) DO UPDATE SET seen_at = clock_timestamp()
), gone AS (
    DELETE FROM processes WHERE id IN (
        SELECT o.id FROM processes o WHERE o.id <> @id AND o.seen_at < clock_timestamp() - make_interval(secs => @silent_seconds::float8)
        FOR UPDATE SKIP LOCKED)
)
SELECT count(*) FROM processes p
WHERE p.budget = @budget AND p.id <> @id AND p.seen_at >= clock_timestamp() - make_interval(secs => @silent_seconds::float8);

-- name: LeaveProcesses :exec
-- Worker, notifier, at the end: the others need not wait until the process counts as gone. Primary key.
DELETE FROM processes WHERE id = @id;

-- name: ScheduleErasure :exec
-- API, guild.Registry: when everything of a tenant is to be deleted, and who asked for it. Primary key.
UPDATE clients SET erase_at = @erase_at::timestamptz, erase_requested_at = @requested_at::timestamptz, erase_requested_by = @requested_by::text
WHERE id = @client_id;

-- name: CancelErasure :exec
-- API, guild.Registry, and operator: nothing is deleted after all. Primary key.
UPDATE clients SET erase_at = NULL, erase_requested_at = NULL, erase_requested_by = NULL WHERE id = @client_id;

-- name: GetErasure :one
-- API: whether everything of a tenant is to be deleted. Primary key.
SELECT erase_at, erase_requested_at, erase_requested_by FROM clients WHERE id = @client_id;

-- name: ListDepartures :many
-- Notifier: guilds that the bot must leave, since their data is to be deleted now. Index clients_to_erase.
SELECT id, guild_id FROM clients WHERE erase_at <= now() AND removed_at IS NULL ORDER BY erase_at LIMIT @max_clients;

-- name: MarkDeparted :exec
-- Notifier: the bot has left the guild. Primary key.
UPDATE clients SET removed_at = now(), updated_at = now() WHERE id = @client_id AND erase_at <= now() AND removed_at IS NULL;

-- name: ListClientsToErase :many
-- Worker: tenants whose time has come and whom the bot has left, or could not leave for a day. Index clients_to_erase.
SELECT id, guild_id FROM clients
WHERE erase_at <= now() AND (removed_at IS NOT NULL OR erase_at <= now() - make_interval(secs => @patience_seconds::float8))
ORDER BY erase_at, id LIMIT @max_clients;

-- name: LockClientToErase :one
-- Worker: a tenant before rows of it are deleted, held so that nobody puts that off meanwhile. Primary key.
SELECT id, erase_requested_at::timestamptz AS requested_at, (erase_requested_by = 'operator')::boolean AS by_operator
FROM clients WHERE id = @client_id AND erase_at <= now() FOR UPDATE;

-- name: DeleteAuditOfClient :execrows
-- Worker: some entries of the log of a tenant that is being erased. Primary key.
DELETE FROM audit_log WHERE (client_id, seq) IN (SELECT l.client_id, l.seq FROM audit_log l WHERE l.client_id = @client_id ORDER BY l.seq LIMIT @max_rows);

-- name: ListExportFilesOfClient :many
-- Worker: files of a tenant that is being erased. Primary key.
SELECT location::text AS location FROM exports WHERE client_id = @client_id AND location IS NOT NULL;

-- name: EraseClient :exec
-- Worker: the end of a tenant. What references it goes with it; marks of figures have no key to it, and the deletion of
-- posts makes more of them. Primary keys.
WITH heads AS (DELETE FROM audit_heads WHERE audit_heads.client_id = @client_id)
DELETE FROM clients WHERE id = @client_id;

-- name: DeleteFigureMarksOfClient :exec
-- Worker: see EraseClient. Primary key.
DELETE FROM figure_marks WHERE client_id = @client_id;

-- name: NoteErasure :exec
-- Worker: that a tenant was there and was deleted. Primary key.
INSERT INTO erased_clients (id, requested_at, requested_by) VALUES (@id, @requested_at, @requested_by);

-- name: ListErasedPeople :many
-- Worker: people who have left. What the api still had in memory of them is over by then. A row a person, soon gone.
SELECT user_id, requested_at FROM account_erasures WHERE requested_at < clock_timestamp() - make_interval(secs => @settle_seconds::float8) ORDER BY requested_at LIMIT @max_people;

-- name: EraseActor :execrows
-- Worker: some entries of a person who has left get the alias in the place of who it was; those of before there were
-- aliases lose address and user agent. Index audit_log_by_actor.
UPDATE audit_log SET ip_address = NULL, user_agent = '', actor_id = coalesce(actor_alias, actor_id),
    actor_name = CASE WHEN actor_alias IS NULL THEN actor_name ELSE '' END
WHERE (client_id, seq) IN (
    SELECT l.client_id, l.seq FROM audit_log l JOIN account_erasures e ON e.user_id = l.actor_id
    WHERE l.actor_id = @user_id::text AND l.actor_type = 'user' AND l.created_at <= e.requested_at + interval '10 seconds'
      AND (l.actor_alias IS NOT NULL OR l.ip_address IS NOT NULL OR l.user_agent <> '')
    LIMIT @max_rows);

-- name: EraseCreators :exec
-- Worker: who made keys, links and files, and asked for a deletion. Sequential; people seldom leave.
WITH k AS (UPDATE api_keys SET created_by = 'deleted' WHERE created_by = @user_id::text),
     s AS (UPDATE shares SET created_by = 'deleted' WHERE created_by = @user_id::text),
     c AS (UPDATE clients SET erase_requested_by = 'deleted' WHERE erase_requested_by = @user_id::text)
UPDATE exports SET requested_by = 'deleted' WHERE requested_by = @user_id::text;

-- name: EndErasureOfPerson :exec
-- Worker: nothing is left to be done, unless the person came back and left again meanwhile. Primary key.
DELETE FROM account_erasures WHERE user_id = @user_id AND requested_at = @requested_at;

-- name: ListMovedSources :many
-- Worker: feeds whose move is confirmed and that were read just now, so that nothing is between the old and
-- the new address. Index sources_moved.
SELECT id FROM sources
WHERE moved_to IS NOT NULL AND moved_since < @confirmed_before::timestamptz AND moved_seen >= @times::int
  AND lease_token IS NULL AND failing_since IS NULL AND last_polled_at > @read_since::timestamptz
ORDER BY moved_since LIMIT @max_sources::int;

-- name: LockMovedSource :many
-- Worker: a moved feed and the one that has its new address, in the order that everyone locks sources in.
-- Primary key, unique (platform, external_id).
SELECT s.* FROM sources s
WHERE s.id = @id OR (s.platform, s.external_id) = (SELECT o.platform, o.moved_to FROM sources o WHERE o.id = @id)
ORDER BY s.id FOR UPDATE OF s;

-- name: HasNewerPosts :one
-- Worker: whether a feed has found posts since a time that its old address does not know. Index source_posts_by_time,
-- unique (source_id, external_id).
SELECT EXISTS (
    SELECT FROM source_posts n WHERE n.source_id = @target_id AND n.first_seen_at > @since::timestamptz
      AND NOT EXISTS (SELECT FROM source_posts o WHERE o.source_id = @source_id AND o.external_id = n.external_id));

-- name: ReaddressSource :exec
-- Worker: the feed has a new address; the next poll is a full one. Primary key.
UPDATE sources SET url = CASE WHEN url = external_id THEN moved_to ELSE url END, external_id = moved_to,
    moved_to = NULL, moved_since = NULL, moved_seen = 0, etag = '', last_modified = '', host = ''
WHERE id = @id;

-- name: ForgetMove :exec
-- Worker: what could not follow the move is asked at the old address on. Primary key.
UPDATE sources SET moved_to = NULL, moved_since = NULL, moved_seen = 0 WHERE id = @id;

-- name: ListMovers :many
-- Worker: the accounts on a moved feed, in the order of their tenants. A target account: the
-- tenant tracks both; is_plain: nothing of the account is lost when it goes. Index client_accounts_by_source.
SELECT a.client_id, a.id, t.id AS target_account_id,
       ((a.channel_id IS NULL OR a.channel_id IS NOT DISTINCT FROM t.channel_id)
        AND NOT EXISTS (SELECT FROM routes r WHERE r.client_id = a.client_id AND r.account_id = a.id))::boolean AS is_plain
FROM client_accounts a
LEFT JOIN client_accounts t ON t.client_id = a.client_id AND t.source_id = @target_id
WHERE a.source_id = @source_id
ORDER BY a.client_id FOR NO KEY UPDATE OF a;

-- name: CopySourcePosts :exec
-- Worker: the new address learns what the old one knew, so that nothing of it is new there. Unique (source_id,
-- external_id).
INSERT INTO source_posts (id, source_id, external_id, fingerprint, published_at, first_seen_at)
SELECT gen_random_uuid(), @target_id, o.external_id, o.fingerprint, o.published_at, o.first_seen_at
FROM source_posts o WHERE o.source_id = @source_id
ON CONFLICT (source_id, external_id) DO NOTHING;

-- name: MovePostsToSource :exec
-- Worker: the accounts' posts are the new address's. Unique (source_id, external_id), index posts_by_source_post.
UPDATE posts c SET source_post_id = n.id
FROM source_posts o JOIN source_posts n ON n.source_id = @target_id AND n.external_id = o.external_id
WHERE o.source_id = @source_id AND c.source_post_id = o.id AND c.account_id = ANY (@account_ids::uuid[]);

-- name: MoveAccountsToSource :exec
-- Worker: these tenants track the new address now. Index client_accounts_by_source.
UPDATE client_accounts SET source_id = @target_id, updated_at = now() WHERE source_id = @source_id AND id = ANY (@account_ids::uuid[]);

-- name: MovePostsToAccount :exec
-- Worker: what only the account that goes has stays with the one that remains. Index posts_by_account.
UPDATE posts p SET account_id = t.id, brand_id = t.brand_id, group_id = t.group_id
FROM client_accounts t
WHERE t.client_id = @client_id AND t.id = @target_account_id AND p.client_id = @client_id AND p.account_id = @account_id
  AND NOT EXISTS (SELECT FROM posts q WHERE q.client_id = p.client_id AND q.account_id = t.id AND q.source_post_id = p.source_post_id);

-- name: DueAfterMerge :exec
-- Worker: a feed that took over another is read in full next; the other leaves the schedule by itself. A poll under way knows
-- nothing of those who came and is not recorded. Primary keys.
UPDATE sources SET next_poll_at = @at::timestamptz, lease_token = NULL, etag = CASE WHEN id = @target_id THEN '' ELSE etag END,
    last_modified = CASE WHEN id = @target_id THEN '' ELSE last_modified END,
    last_post_at = CASE WHEN id = @target_id THEN greatest(last_post_at, sqlc.narg(last_post_at)::timestamptz) ELSE last_post_at END
WHERE id IN (@target_id, @source_id);

-- name: LockIdentity :many
-- Worker: an account that was taken in unresolved and the source that has its identity already, if any, in the order
-- that everyone locks sources in. Primary key, unique (platform, external_id).
SELECT s.* FROM sources s
WHERE s.id = @id OR (s.platform = @platform AND s.external_id = @external_id)
ORDER BY s.id FOR UPDATE;

-- name: IdentifySource :exec
-- Worker: the platform has told who the account is; what went wrong before was not its doing. Primary key.
UPDATE sources SET platform = @platform, external_id = @external_id, handle = @handle, display_name = @display_name, url = @url,
    avatar_url = @avatar_url, followers = sqlc.narg(followers), host = '',
    state_since = CASE WHEN state = 'learning' THEN state_since ELSE @at::timestamptz END, state = 'learning', state_reason = '',
    failures = 0, failing_since = NULL, failed_at = NULL, failure_kind = '', hold_until = NULL, gone_since = NULL, gone_answers = 0,
    next_poll_at = @at::timestamptz, lease_token = NULL
WHERE id = @id;

-- name: RetireSource :exec
-- Worker: nobody tracks it under this identity any more. Primary key.
UPDATE sources SET next_poll_at = NULL, lease_token = NULL WHERE id = @id;

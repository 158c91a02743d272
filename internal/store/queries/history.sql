-- name: ListPostHistory :many
-- API: the measurements of one post, oldest first, at most about 90; a post that was never measured is one row without
-- figures. Primary keys.
SELECT p.id, p.platform, p.published_at, sp.next_measure_at, m.measured_at, m.views, m.likes, m.comments, m.shares
FROM posts p
JOIN source_posts sp ON sp.id = p.source_post_id
LEFT JOIN post_metrics m ON m.source_post_id = p.source_post_id
WHERE p.client_id = @client_id AND p.id = @post_id
ORDER BY m.measured_at;

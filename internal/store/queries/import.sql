-- name: GetBrandByName :one
-- tracking.Catalog: the brand that an imported line names, held until the commit. Unique index brands_by_name.
SELECT * FROM brands WHERE client_id = @client_id AND lower(name) = lower(@name::text) FOR NO KEY UPDATE;

-- name: GetGroupByName :one
-- tracking.Catalog: the group that an imported line names, held until the commit. Unique index account_groups_by_name.
SELECT * FROM account_groups
WHERE client_id = @client_id AND brand_id = @brand_id AND lower(name) = lower(@name::text) FOR NO KEY UPDATE;

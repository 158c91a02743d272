-- name: ListTenancyFaults :many
-- Every process at its start: what in the schema, or in the rights of the current role, would let
-- one tenant reach another's rows. No rows is what it hopes for. It reads the catalogue alone.
-- A tenant table is one with client_id, and clients itself, whose tenant column is its id.
WITH RECURSIVE relations AS (
    SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
), tenant_tables AS (
    SELECT r.oid, r.name, r.relkind, r.relrowsecurity, r.relforcerowsecurity, a.attnum AS tenant_column
    FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND NOT a.attisdropped
        AND a.attname = CASE WHEN r.name = 'public.clients' THEN 'id' ELSE 'client_id' END
    WHERE r.relkind IN ('r', 'p', 'f')
), readers AS (
    SELECT oid FROM tenant_tables
    UNION
    SELECT w.ev_class FROM readers JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = readers.oid
        AND d.classid = 'pg_rewrite'::regclass
    JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid
), faults AS (
    SELECT name, 'row level security is not enabled' AS fault FROM tenant_tables WHERE NOT relrowsecurity
    UNION ALL
    SELECT name, 'row level security is not forced' FROM tenant_tables WHERE relrowsecurity AND NOT relforcerowsecurity
    UNION ALL
    SELECT name, 'has no policy' FROM tenant_tables WHERE relrowsecurity AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy WHERE polrelid = tenant_tables.oid)
    UNION ALL
    SELECT child.name, 'foreign key ' || k.conname || ' to ' || parent.name || ' does not keep to one tenant'
    FROM pg_catalog.pg_constraint k
    JOIN tenant_tables child ON child.oid = k.conrelid
    JOIN tenant_tables parent ON parent.oid = k.confrelid
    WHERE k.contype = 'f' AND NOT EXISTS (
        SELECT FROM generate_subscripts(k.conkey, 1) AS i
        WHERE k.conkey[i] = child.tenant_column AND k.confkey[i] = parent.tenant_column)
    UNION ALL
    SELECT r.name, 'view runs with its owner''s rights' FROM relations r JOIN readers USING (oid)
    WHERE r.relkind = 'v' AND NOT EXISTS (
        SELECT FROM pg_options_to_table(r.reloptions) AS o WHERE o.option_name = 'security_invoker' AND o.option_value::boolean)
    UNION ALL
    SELECT r.name, 'materialized view holds rows of tenants' FROM relations r JOIN readers USING (oid) WHERE r.relkind = 'm'
    UNION ALL
    SELECT current_user, 'role is superuser' FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper
    UNION ALL
    SELECT current_user, 'role bypasses row level security' FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolbypassrls
    UNION ALL
    SELECT current_user, 'role owns ' || string_agg(name, ', ' ORDER BY name) FROM relations
    WHERE pg_has_role(current_user, relowner, 'USAGE') HAVING count(*) > 0
    UNION ALL
    SELECT current_user, 'role may truncate ' || string_agg(name, ', ' ORDER BY name) FROM relations
    WHERE relkind IN ('r', 'p') AND has_table_privilege(current_user, oid, 'TRUNCATE') HAVING count(*) > 0
    UNION ALL
    SELECT current_user, 'role may create tables' FROM pg_catalog.pg_namespace
    WHERE nspname = 'public' AND has_schema_privilege(current_user, oid, 'CREATE')
)
SELECT name::text AS name, fault::text AS fault FROM faults ORDER BY faults.name, faults.fault;

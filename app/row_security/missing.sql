-- What would make the wall whole, as statements: none, and it stands. Told of the two roles, it
-- looks at the tables of this schema; those with a tenant_id are tenants'.
WITH here AS (
    SELECT oid, relname, relkind, relrowsecurity FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'S')
      AND relname <> 'alembic_version'
), taken AS (
    SELECT unnest(ARRAY[%(tenant)s, %(across)s]::name[]) AS role
), owned AS (
    -- Who belongs to no tenant is found where nobody is in scope.
    SELECT here.*, CASE WHEN attnotnull THEN 'tenant_id' ELSE 'coalesce(tenant_id, 0)' END AS whose
    FROM here
    JOIN pg_attribute ON attrelid = oid AND attname = 'tenant_id' AND NOT attisdropped
    WHERE relkind IN ('r', 'p')
), walls (name, role, clause) AS (VALUES
    -- Asked of each row: as a sub-select it would be asked once, but made ready in each statement
    -- for each table, which costs a webhook more than its few rows.
    ('of_one_tenant', %(tenant)s::name, $$%%s = current_setting('app.tenant')::int$$),
    ('across_tenants', %(across)s::name, 'true')
)
SELECT format('GRANT USAGE ON SCHEMA %%I TO %%I', current_schema(), role) FROM taken
WHERE NOT has_schema_privilege(role, current_schema(), 'USAGE')
UNION ALL
SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %%I TO %%I', relname, role) FROM here, taken
WHERE relkind <> 'S' AND NOT (
    has_table_privilege(role, oid, 'SELECT') AND has_table_privilege(role, oid, 'INSERT')
    AND has_table_privilege(role, oid, 'UPDATE') AND has_table_privilege(role, oid, 'DELETE')
)
UNION ALL
SELECT format('GRANT USAGE ON SEQUENCE %%I TO %%I', relname, role) FROM here, taken
WHERE CASE WHEN relkind = 'S' THEN NOT has_sequence_privilege(role, oid, 'USAGE') END
UNION ALL
SELECT format('CREATE POLICY %%I ON %%I TO %%I USING (%%s)', name, relname, role, format(clause, whose))
FROM owned, walls
WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = owned.oid AND polname = name)
UNION ALL
SELECT format('ALTER TABLE %%I ENABLE ROW LEVEL SECURITY', relname) FROM owned
WHERE NOT relrowsecurity

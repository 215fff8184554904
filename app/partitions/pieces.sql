-- What stands on the tables (%(tables)s) beside their rows and columns: the statements that let it go,
-- and those that make it again, each with its kind.
WITH these AS (
    SELECT oid, oid::regclass::text AS name, reltype, relacl, relrowsecurity, relforcerowsecurity
    FROM pg_class
    WHERE oid = ANY (%(tables)s::regclass[])
), functions AS (
    -- What takes a row of one, or names one in a body that PostgreSQL has read (BEGIN ATOMIC).
    SELECT DISTINCT pg_proc.oid, pg_proc.oid::regprocedure AS name, proacl
    FROM these
    JOIN pg_depend ON refobjid IN (these.oid, reltype) AND classid = 'pg_proc'::regclass
    JOIN pg_proc ON pg_proc.oid = objid
)
SELECT 'go' AS kind, format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname)
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0
    AND (conrelid IN (SELECT oid FROM these) OR confrelid IN (SELECT oid FROM these))
UNION ALL
SELECT 'go', format('DROP FUNCTION %%s', name) FROM functions
UNION ALL
SELECT 'constraint',
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', name, conname, pg_get_constraintdef(pg_constraint.oid))
FROM these JOIN pg_constraint ON conrelid = these.oid WHERE contype IN ('p', 'u', 'x')
UNION ALL
-- Of a table that is in parts already the definition says ONLY.
SELECT 'index', replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
FROM these JOIN pg_index ON indrelid = these.oid
WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND conrelid = indrelid)
UNION ALL
SELECT 'statistics', pg_get_statisticsobjdef(pg_statistic_ext.oid)
FROM these JOIN pg_statistic_ext ON stxrelid = these.oid
UNION ALL
SELECT 'reference',
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid))
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0
    AND (conrelid IN (SELECT oid FROM these) OR confrelid IN (SELECT oid FROM these))
UNION ALL
SELECT 'function', pg_get_functiondef(oid) FROM functions
UNION ALL
SELECT 'trigger', pg_get_triggerdef(pg_trigger.oid)
FROM these JOIN pg_trigger ON tgrelid = these.oid WHERE NOT tgisinternal
UNION ALL
SELECT 'grant', format(
    'GRANT %%s ON %%s TO %%s%%s', privilege_type, name,
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
    CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END)
FROM these, aclexplode(relacl)
UNION ALL
SELECT 'revoke', format('REVOKE ALL ON FUNCTION %%s FROM PUBLIC', name) FROM functions WHERE proacl IS NOT NULL
UNION ALL
SELECT 'grant', format(
    'GRANT EXECUTE ON FUNCTION %%s TO %%s', name,
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
FROM functions, aclexplode(proacl)
UNION ALL
SELECT 'grant', format(
    'GRANT %%s ON SEQUENCE %%s TO %%s', privilege_type, pg_class.oid::regclass,
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
FROM these
JOIN pg_depend ON refobjid = these.oid AND classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
JOIN pg_class ON pg_class.oid = objid AND relkind = 'S', aclexplode(pg_class.relacl)
UNION ALL
SELECT 'policy', format(
    'CREATE POLICY %%I ON %%s AS %%s FOR %%s TO %%s%%s%%s', polname, name,
    CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
    CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
        WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ')
        FROM unnest(polroles) AS role),
    ' USING (' || pg_get_expr(polqual, polrelid) || ')',
    ' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')')
FROM these JOIN pg_policy ON polrelid = these.oid
UNION ALL
SELECT 'security', format('ALTER TABLE %%s ENABLE ROW LEVEL SECURITY', name) FROM these WHERE relrowsecurity
UNION ALL
SELECT 'security', format('ALTER TABLE %%s FORCE ROW LEVEL SECURITY', name) FROM these WHERE relforcerowsecurity

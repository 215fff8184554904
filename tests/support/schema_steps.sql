-- What code that runs may rely on, a row each: (kind, table, name, detail).
WITH tables AS MATERIALIZED (
  SELECT oid, relname::text AS name FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
)
SELECT 'column', tables.name, attname::text, format_type(atttypid, atttypmod)
FROM tables JOIN pg_attribute ON attrelid = tables.oid
WHERE attnum > 0 AND NOT attisdropped
UNION ALL
-- What an INSERT has to name.
SELECT 'required', tables.name, attname::text, ''
FROM tables JOIN pg_attribute ON attrelid = tables.oid
WHERE attnum > 0 AND attnotnull AND NOT atthasdef AND attidentity = '' AND NOT attisdropped
UNION ALL
-- What an ON CONFLICT may name: no id alone, which comes of a sequence and meets no other.
SELECT 'unique', tables.name, substring(pg_get_indexdef(indexrelid) FROM 'USING .*'), ''
FROM tables JOIN pg_index ON indrelid = tables.oid
WHERE indisunique AND pg_get_indexdef(indexrelid) !~ ' btree \(id\)$'
UNION ALL
-- What a row may be refused by, and the columns of which.
SELECT 'rule', tables.name, conname::text,
  (SELECT string_agg(attname, ' ') FROM pg_attribute
   WHERE attrelid = conrelid AND attnum = ANY (conkey))
FROM tables JOIN pg_constraint ON conrelid = tables.oid WHERE contype IN ('c', 'u', 'f', 'x')
UNION ALL
SELECT 'rule', tables.name, index.relname::text,
  (SELECT string_agg(attname, ' ') FROM pg_attribute
   WHERE attrelid = indrelid AND attnum = ANY (indkey::int[]))
FROM tables JOIN pg_index ON indrelid = tables.oid JOIN pg_class AS index ON index.oid = indexrelid
WHERE indisunique
UNION ALL
SELECT 'function', '', oid::regprocedure::text, prorettype::regtype::text
FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
  AND prorettype <> 'trigger'::regtype
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')

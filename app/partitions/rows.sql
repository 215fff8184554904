-- Of a table (%(table)s): its columns that are not computed; what its parts are to be told beside
-- (storage parameters); the sequence of each identity column, and of each other that owns one.
SELECT
    (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = %(table)s::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
    (SELECT string_agg(DISTINCT option, ', ') FROM pg_class, unnest(reloptions) AS option
        WHERE oid = %(table)s::text::regclass
            OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %(table)s::text::regclass)) AS options,
    (SELECT pg_get_serial_sequence(quote_ident(%(table)s::text), attname) FROM pg_attribute
        WHERE attrelid = %(table)s::text::regclass AND attname = 'id' AND attidentity <> '') AS identity,
    (SELECT pg_get_serial_sequence(quote_ident(%(table)s::text), attname) FROM pg_attribute
        WHERE attrelid = %(table)s::text::regclass AND attname = 'id' AND attidentity = '') AS serial

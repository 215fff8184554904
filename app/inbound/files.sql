-- Files that came within a message, of which nothing is to be fetched: a part of receive.sql, before its
-- last SELECT.
, kept AS (
    INSERT INTO media (
        tenant_id, message_id, position, url, content_type, name, state, content, fetch_after
    )
    SELECT %(tenant)s, id, file.position, '', file.content_type, file.name, 'stored', file.content,
           %(now)s
    FROM stored,
         unnest(%(file_types)s::text[], %(file_names)s::text[], %(contents)s::bytea[])
             WITH ORDINALITY AS file (content_type, name, content, position)
)

-- What an email has beside its text: parts of receive.sql, before its last SELECT.
, letter AS (
    INSERT INTO received_email (
        tenant_id, message_id, header_id, answers, whole, answerable, is_reply
    )
    SELECT %(tenant)s, id, %(header_id)s, %(answers)s::text[], %(whole)s, %(answerable)s,
           %(is_reply)s
    FROM stored
), kept AS (
    INSERT INTO media (
        tenant_id, message_id, position, url, content_type, name, state, content, fetch_after
    )
    SELECT %(tenant)s, id, file.position, '', file.content_type, file.name, 'stored',
           file.content, %(now)s
    FROM stored, unnest(%(file_types)s::text[], %(file_names)s::text[], %(contents)s::bytea[])
        WITH ORDINALITY AS file (content_type, name, content, position)
)

-- What an email has beside its text: parts of receive.sql, before its last SELECT.
, letter AS (
    INSERT INTO received_email (
        tenant_id, message_id, header_id, answers, whole, html, remote_pictures, invitation, answerable,
        personal, is_reply
    )
    SELECT %(tenant)s, id, %(header_id)s, %(answers)s::text[], %(whole)s, %(html)s,
           %(remote_pictures)s, %(invitation)s::jsonb, %(answerable)s, %(personal)s, %(is_reply)s
    FROM stored
), kept AS (
    INSERT INTO media (
        tenant_id, message_id, position, url, content_type, name, content_id, state, content,
        fetch_after
    )
    SELECT %(tenant)s, id, file.position, '', file.content_type, file.name, file.content_id,
           'stored', file.content, %(now)s
    FROM stored,
         unnest(
             %(file_types)s::text[], %(file_names)s::text[], %(content_ids)s::text[],
             %(contents)s::bytea[]
         ) WITH ORDINALITY AS file (content_type, name, content_id, content, position)
), exists_after_all AS (
    -- Whoever writes from there has a mailbox there.
    UPDATE contact_point SET invalid_since = NULL FROM stored
    WHERE contact_point.tenant_id = %(tenant)s AND channel = %(channel)s
      AND address = ANY(%(heard)s::text[]) AND invalid_since IS NOT NULL
)

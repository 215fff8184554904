WITH fresh AS (
    SELECT WHERE NOT EXISTS (SELECT FROM floor.message WHERE sid = %(sid)s)
), found AS (
    SELECT id FROM floor.customer WHERE slug = %(slug)s AND number = %(caller)s
), newcomer AS (
    INSERT INTO floor.customer (slug, number)
    SELECT %(slug)s, %(caller)s FROM fresh WHERE NOT EXISTS (SELECT FROM found)
    ON CONFLICT DO NOTHING
    RETURNING id
), stored AS (
    INSERT INTO floor.message (customer_id, sid, body)
    SELECT id, %(sid)s, %(body)s
    FROM (SELECT id FROM found UNION ALL SELECT id FROM newcomer) who, fresh
    RETURNING customer_id, at
)
INSERT INTO floor.conversation AS was (customer_id, last_message_at, unread)
SELECT customer_id, at, 1 FROM stored
ON CONFLICT (customer_id) DO UPDATE
    SET last_message_at = excluded.last_message_at, unread = was.unread + 1

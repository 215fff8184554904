-- A customer opened something by a button under a message of ours: no message, and no answer.
WITH clicked AS (
    INSERT INTO button_tap (tenant_id, customer_id, provider_sid, button, notification_id, at)
    SELECT %(tenant)s, customer_id, %(sid)s, %(button)s, (
        SELECT id FROM notification
        WHERE tenant_id = %(tenant)s AND public_id = %(about)s::uuid
          AND customer_id = contact_point.customer_id
    ), %(now)s
    FROM contact_point
    WHERE tenant_id = %(tenant)s AND channel = %(home)s AND address = ANY(%(forms)s)
    ORDER BY id
    LIMIT 1
    ON CONFLICT (tenant_id, provider_sid) DO NOTHING
    RETURNING customer_id
)
INSERT INTO conversation_event (tenant_id, customer_id, at, kind, about)
SELECT %(tenant)s, customer_id, %(now)s, 'tapped', %(label)s FROM clicked
RETURNING customer_id

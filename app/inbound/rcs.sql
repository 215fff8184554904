-- What came by RCS, beside what every message has: the telephone has it, and where a button of ours was
-- tapped, which one. Parts of receive.sql, before its last SELECT.
, seen AS (
    UPDATE contact_point SET rcs_seen_at = %(now)s
    FROM stored
    WHERE contact_point.tenant_id = %(tenant)s AND channel = %(home)s AND address = ANY(%(forms)s)
), tapped AS (
    INSERT INTO button_tap (tenant_id, customer_id, message_id, provider_sid, button, notification_id, at)
    SELECT %(tenant)s, stored.customer_id, stored.id, %(sid)s, %(button)s, (
        SELECT id FROM notification
        WHERE tenant_id = %(tenant)s AND public_id = %(about)s::uuid
          AND customer_id = stored.customer_id
    ), %(now)s
    FROM stored
    WHERE %(button)s <> ''
)

-- A call that was told missed was taken after all: nobody need call back. By a statement of its own,
-- as that of the call cannot see what another that it waited for has just entered.
WITH back AS (
    UPDATE conversation SET
        last_direction = CASE last_direction WHEN 'missed_call' THEN 'call' ELSE last_direction END,
        preview = CASE last_direction WHEN 'missed_call' THEN 'Call answered' ELSE preview END,
        unread_count = greatest(unread_count - 1, 0),
        last_call_id = NULL,
       -- Unless they have written, too, since it rang.
       waiting_since = CASE WHEN last_direction = 'missed_call'
           AND waiting_since >= call.started_at AND NOT EXISTS (
               SELECT FROM message
               WHERE tenant_id = %(tenant)s AND id = last_message_id
                 AND direction = 'inbound' AND created_at >= call.started_at
           ) THEN NULL ELSE waiting_since END
    FROM call
    WHERE call.tenant_id = %(tenant)s AND call.provider_sid = %(sid)s
      AND call.outcome = 'answered'
      AND conversation.tenant_id = %(tenant)s AND conversation.last_call_id = call.id
    RETURNING conversation.id
)
SELECT count(*) FROM back

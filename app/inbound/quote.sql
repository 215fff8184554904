-- What a message answers, beside what every message has: a part of receive.sql, before its last SELECT.
, quoted AS (
    INSERT INTO message_quote (tenant_id, message_id, quoted_sid)
    SELECT %(tenant)s, id, %(quotes)s FROM stored
)

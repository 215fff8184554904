-- The session window of a channel that is none of WhatsApp's opens, and whoever else held the thread
-- holds it no more: a part of receive.sql, before its last SELECT.
, opened AS (
    INSERT INTO channel_thread AS was (tenant_id, customer_id, channel, opened_at)
    SELECT %(tenant)s, customer_id, %(channel)s, %(opened)s FROM stored
    ON CONFLICT (tenant_id, customer_id, channel) DO UPDATE SET
        opened_at = greatest(was.opened_at, excluded.opened_at),
        held_until = NULL
)

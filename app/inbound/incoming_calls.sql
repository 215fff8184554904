-- What is known of a call: one row for ever, which only moves up in rank, in whatever order and
-- however often its webhooks come.
WITH fresh AS (
    SELECT WHERE NOT EXISTS (
        SELECT FROM call WHERE tenant_id = %(tenant)s AND provider_sid = %(sid)s
    )
), found AS (
    SELECT customer_id FROM contact_point
    WHERE tenant_id = %(tenant)s
      AND channel = ANY(%(family)s) AND address = ANY(%(known_as)s)
    ORDER BY channel = %(channel)s DESC, id
    LIMIT 1
), newcomer AS (
    INSERT INTO customer (tenant_id, created_at)
    SELECT %(tenant)s, %(now)s FROM fresh
    WHERE %(returnable)s AND NOT EXISTS (SELECT FROM found)
    RETURNING id
), who AS (
    SELECT customer_id FROM found, fresh
    UNION ALL
    SELECT id FROM newcomer
), met AS (
    -- Whoever telephones from a number is met there, though they only wrote by WhatsApp.
    INSERT INTO contact_point (tenant_id, customer_id, channel, address)
    SELECT %(tenant)s, who.customer_id, %(channel)s, %(caller)s FROM who
    WHERE %(returnable)s AND NOT EXISTS (
        SELECT FROM contact_point
        WHERE tenant_id = %(tenant)s
          AND channel = %(channel)s AND address = ANY(%(known_as)s)
    )
), counted AS (
    -- What rings at the platform's cost, once for each call; beyond the day's limit nothing does.
    INSERT INTO spending AS spent (tenant_id, day, kind, used)
    SELECT %(tenant)s, %(day)s, 'calls', 1 FROM fresh WHERE %(most)s::int > 0
    ON CONFLICT (tenant_id, day, kind) DO UPDATE SET used = spent.used + 1
    WHERE spent.used < %(most)s
    RETURNING used
), told AS (
    SELECT CASE
        WHEN %(most)s::int IS NULL OR EXISTS (SELECT FROM counted) OR NOT EXISTS (SELECT FROM fresh)
        THEN %(outcome)s ELSE 'missed'
    END AS outcome
), kept AS (
    INSERT INTO call AS known (
        tenant_id, customer_id, caller, reachable, outcome, started_at, missed_at, duration_seconds,
        provider_sid, account_sid
    )
    SELECT %(tenant)s, (SELECT customer_id FROM who), %(caller)s, %(reachable)s, outcome, %(now)s,
           CASE outcome WHEN 'missed' THEN %(missed_at)s::timestamptz END, %(seconds)s, %(sid)s,
           %(account)s
    FROM told
    ON CONFLICT (tenant_id, provider_sid) DO UPDATE SET
        outcome = excluded.outcome,
        missed_at = excluded.missed_at,
        duration_seconds = excluded.duration_seconds
    -- Only the account that vouched for the call tells more of it.
    WHERE coalesce(known.account_sid, excluded.account_sid) = excluded.account_sid
        AND array_position(%(ranks)s::text[], excluded.outcome)
          > array_position(%(ranks)s::text[], known.outcome)
    RETURNING id, customer_id, outcome
), missed AS (
    -- A call that nobody took is news in the inbox, as a message is.
    INSERT INTO conversation AS talk (
        tenant_id, customer_id, last_message_at, last_message_id, last_channel, last_direction,
        preview, unread_count, last_call_id, waiting_since
    )
    SELECT %(tenant)s, customer_id, %(now)s, 0, %(channel)s, 'missed_call', 'Missed call', 1, id,
           %(now)s
    FROM kept WHERE outcome = 'missed' AND customer_id IS NOT NULL
    ON CONFLICT (tenant_id, customer_id) DO UPDATE SET
        last_message_at = greatest(talk.last_message_at, excluded.last_message_at),
        last_direction = excluded.last_direction,
        preview = excluded.preview,
        unread_count = talk.unread_count + 1,
        last_call_id = greatest(talk.last_call_id, excluded.last_call_id),
        waiting_since = least(talk.waiting_since, excluded.waiting_since)
)
SELECT count(*) > 0 AS news, max(customer_id) AS customer_id, coalesce(max(outcome), (
    SELECT outcome FROM call WHERE tenant_id = %(tenant)s AND provider_sid = %(sid)s
)) AS outcome
FROM kept

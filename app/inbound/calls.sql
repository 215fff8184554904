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
    WHERE %(reachable)s AND NOT EXISTS (SELECT FROM found)
    RETURNING id
), who AS (
    SELECT customer_id FROM found, fresh
    UNION ALL
    SELECT id FROM newcomer
), met AS (
    -- Whoever telephones from a number can be texted there, though they only wrote by WhatsApp.
    INSERT INTO contact_point (tenant_id, customer_id, channel, address)
    SELECT %(tenant)s, who.customer_id, %(channel)s, %(caller)s FROM who
    WHERE %(reachable)s AND NOT EXISTS (
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
    RETURNING outcome
)
SELECT count(*) > 0 AS news, coalesce(max(outcome), (
    SELECT outcome FROM call WHERE tenant_id = %(tenant)s AND provider_sid = %(sid)s
)) AS outcome
FROM kept

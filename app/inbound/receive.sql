-- A customer's message, whole, in one statement: it is all stored, or nothing is.
-- Two at once that would both make the same row fail on its unique key; receive.py runs the
-- loser again, which then finds what the winner made.
-- A usual message, words from an address that is known, has nothing of what stands in brackets; one
-- that comes by several addresses, or with a name, has what stands in braces.
WITH known AS (
    SELECT id, customer_id FROM message
    WHERE tenant_id = %(tenant)s AND provider_sid = %(sid)s
), fresh AS (
    SELECT WHERE NOT EXISTS (SELECT FROM known)
), found AS (
    -- Whoever has the address on this channel; else on another where the same address is theirs. A
    -- number goes before an id beside it, which may be somebody else's yet (paired.sql).
    SELECT customer_id FROM contact_point
    WHERE tenant_id = %(tenant)s
      AND channel = ANY(%(family)s) AND address = ANY(%(forms)s)
    ORDER BY NOT address ^@ '+', channel <> %(home)s, id
    LIMIT 1
-- [
), newcomer AS (
    INSERT INTO customer (tenant_id, first_name, last_name, created_at)
    SELECT %(tenant)s, %(first)s, %(last)s, %(now)s FROM fresh
    WHERE NOT EXISTS (SELECT FROM found)
    RETURNING id
-- ]
), who AS (
    SELECT customer_id FROM found, fresh
    -- {
    WHERE EXISTS (
        SELECT FROM customer
        WHERE tenant_id = %(tenant)s AND id = customer_id AND first_name || last_name <> ''
    ) AND cardinality(%(heard)s::text[]) = (
        SELECT count(*) FROM contact_point point
        WHERE tenant_id = %(tenant)s AND channel = %(home)s AND address = ANY(%(heard)s)
          AND point.customer_id = found.customer_id
    )
    -- }
    -- [
    UNION ALL
    SELECT id FROM newcomer
), named AS (
    -- A WhatsApp profile gives a name to a customer who has none yet.
    UPDATE customer SET first_name = %(first)s, last_name = %(last)s
    FROM who
    WHERE tenant_id = %(tenant)s AND id = customer_id
      AND first_name = '' AND last_name = '' AND %(first)s <> ''
), reachable AS (
    INSERT INTO contact_point (tenant_id, customer_id, channel, address, rcs_seen_at)
    SELECT %(tenant)s, customer_id, %(home)s, heard.address, %(by_rcs)s
    FROM who, unnest(%(heard)s::text[]) heard (address)
    -- As an array, so that nobody else's addresses are looked through.
    WHERE heard.address <> ALL (ARRAY(
        SELECT address FROM contact_point
        WHERE tenant_id = %(tenant)s
          AND channel = %(home)s AND address = ANY(%(heard)s)
    ))
-- ]
), stored AS (
    INSERT INTO message (
        tenant_id, customer_id, channel, direction, status, subject, body, sender, recipient,
        provider_sid, account_sid, created_at, recovered
    )
    SELECT %(tenant)s, customer_id, %(channel)s, 'inbound', 'received', %(subject)s, %(body)s,
           %(sender)s, %(recipient)s, %(sid)s, %(account)s, %(now)s, %(recovered)s
    FROM who
    RETURNING id, customer_id
-- [
), spoken AS (
    -- STOP is written down each time; START only where it takes one back, as YES is an answer, too.
    INSERT INTO consent_event (
        tenant_id, channel, address, said, source, message_id, account_sid, at
    )
    SELECT %(tenant)s, %(home)s, form, %(said)s, 'keyword', id,
           %(account)s, %(now)s
    FROM stored, unnest(%(forms)s::text[]) form
    WHERE %(stop)s OR %(start)s AND EXISTS (
        SELECT FROM opt_out
        WHERE tenant_id = %(tenant)s AND channel = %(home)s AND address = form
          AND (accounts = '{}' OR %(voucher)s = ANY(accounts))
    )
), stopped AS (
    INSERT INTO opt_out (tenant_id, channel, address, since, accounts)
    SELECT %(tenant)s, %(home)s, form, %(now)s, ARRAY[%(voucher)s]
    FROM stored, unnest(%(forms)s::text[]) form
    WHERE %(stop)s
    ON CONFLICT (tenant_id, channel, address) DO UPDATE SET
        since = greatest(opt_out.since, %(now)s),
        accounts = array_remove(opt_out.accounts, %(voucher)s) || excluded.accounts
), started AS (
    -- Another account's STOP stands. A START that is recovered late ends no later STOP.
    DELETE FROM opt_out USING stored
    WHERE %(start)s AND since <= %(now)s AND tenant_id = %(tenant)s
      AND channel = %(home)s AND address = ANY(%(forms)s)
      AND accounts <@ ARRAY[%(voucher)s]
), lessened AS (
    UPDATE opt_out SET accounts = array_remove(accounts, %(voucher)s)
    FROM stored
    WHERE %(start)s AND since <= %(now)s AND tenant_id = %(tenant)s
      AND channel = %(home)s AND address = ANY(%(forms)s)
      AND NOT accounts <@ ARRAY[%(voucher)s]
), attached AS (
    INSERT INTO media (tenant_id, message_id, position, url, content_type, fetch_after)
    SELECT %(tenant)s, id, file.position, file.url, file.content_type, %(now)s
    FROM stored, unnest(%(urls)s::text[], %(types)s::text[])
        WITH ORDINALITY file (url, content_type, position)
-- ]
), talk AS (
    INSERT INTO conversation AS was (
        tenant_id, customer_id, last_message_at, last_message_id, last_channel, last_direction,
        preview, unread_count, whatsapp_inbound_at, stop_asked_id, waiting_since
    )
    SELECT %(tenant)s, customer_id, %(now)s, id, %(channel)s, 'inbound',
           %(preview)s, 1, %(opened)s::timestamptz,
           CASE WHEN %(asks)s THEN id END, %(waits)s::timestamptz
    FROM stored
    ON CONFLICT (tenant_id, customer_id) DO UPDATE SET
        last_message_at = greatest(was.last_message_at, %(now)s),
        last_message_id = greatest(was.last_message_id, excluded.last_message_id),
        last_channel = %(channel)s,
        last_direction = 'inbound',
        preview = %(preview)s,
        unread_count = was.unread_count + 1,
        whatsapp_inbound_at = greatest(was.whatsapp_inbound_at, %(opened)s),
        stop_asked_id = coalesce(excluded.stop_asked_id, was.stop_asked_id),
        -- This opens it again (app/inbox/conversation_transitions.py).
        waiting_since = least(was.waiting_since, %(waits)s)
    RETURNING id
), counted AS (
    -- A connection counts in its own shard, so that webhooks do not wait for one another.
    INSERT INTO message_count AS was (tenant_id, day, channel, direction, shard, messages)
    SELECT %(tenant)s, day, %(channel)s, 'inbound', pg_backend_pid() %% %(shards)s, 1
    FROM talk, unnest(%(days)s::date[]) of (day)
    ON CONFLICT (tenant_id, day, channel, direction, shard)
        DO UPDATE SET messages = was.messages + 1
)
SELECT customer_id, 1 AS fresh FROM stored
UNION ALL
SELECT customer_id, 0 FROM known

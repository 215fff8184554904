-- What came with an id of the carrier's beside the address, or by such an id, beside what every message
-- has: whose of them is another customer's, who is the same person (identity_link), and whether there is
-- any. Ends receive.sql. A STOP by one holds for the others: no more goes to a telephone that said so.
, paired AS (
    INSERT INTO identity_link (tenant_id, customer_id, channel, address, at)
    SELECT %(tenant)s, stored.customer_id, %(home)s, point.address, %(now)s
    FROM stored JOIN contact_point point ON point.tenant_id = %(tenant)s
      AND point.channel = %(home)s AND point.address = ANY(%(heard)s)
      AND point.customer_id <> stored.customer_id
    ON CONFLICT DO NOTHING
    RETURNING id
), others AS (
    SELECT stored.id, point.address
    FROM stored JOIN contact_point point ON point.tenant_id = %(tenant)s
      AND point.customer_id = stored.customer_id AND point.channel = %(home)s
    WHERE %(stop)s AND point.address <> ALL(%(forms)s)
      AND NOT (point.address ^@ '+' AND %(sender)s ^@ '+')
), spoken_there AS (
    INSERT INTO consent_event (
        tenant_id, channel, address, said, source, message_id, account_sid, at
    )
    SELECT %(tenant)s, %(home)s, address, %(said)s, 'keyword', id, %(account)s, %(now)s FROM others
), stopped_there AS (
    INSERT INTO opt_out (tenant_id, channel, address, since, accounts)
    SELECT %(tenant)s, %(home)s, address, %(now)s, ARRAY[%(voucher)s] FROM others
    ON CONFLICT (tenant_id, channel, address) DO UPDATE SET
        since = greatest(opt_out.since, %(now)s),
        accounts = array_remove(opt_out.accounts, %(voucher)s) || excluded.accounts
)
SELECT customer_id, 1 + (SELECT count(*) FROM paired)::int AS fresh FROM stored
UNION ALL
SELECT customer_id, 0 FROM known

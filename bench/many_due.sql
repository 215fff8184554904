-- Of each business: customers with a telephone, five appointments of each, and a reminder of each
-- appointment. Of those every tenth is due; the others are in weeks to come.
ALTER TABLE customer DISABLE TRIGGER customer_is_new;
ALTER TABLE contact_point DISABLE TRIGGER contact_point_is_other;

INSERT INTO customer (id, tenant_id, first_name, last_name)
    SELECT n, 1 + n % {businesses}, 'Ann', 'Of ' || n FROM generate_series(1, {customers}) n;
INSERT INTO contact_point (tenant_id, customer_id, channel, address)
    SELECT tenant_id, id, 'sms', '+1646' || lpad(id::text, 7, '0') FROM customer;
INSERT INTO appointment (id, tenant_id, customer_id, starts_at, booked_at, planned_for, status,
        duration_minutes, source)
    SELECT n, 1 + n % {businesses}, 1 + (n - 1) % {customers}, at, now() - interval '90 days', at,
        'scheduled', 45, 'staff'
    FROM generate_series(1, {appointments}) n,
        LATERAL (SELECT now() + interval '1 day' + CASE WHEN n <= {due} THEN interval '0'
            ELSE interval '7 days' + n % 80000 * interval '1 minute' END AS at) a;
INSERT INTO notification (tenant_id, type, step, cause, reason, telling, attempts, status,
        customer_id, appointment_id, starts_at, due_at, useful_until, opens)
    SELECT tenant_id, 'appointment_reminder', 1440, '', '', 0, 0, 'planned', customer_id, id,
        starts_at, starts_at - interval '1 day', starts_at, 0
    FROM appointment;

ALTER TABLE customer ENABLE TRIGGER customer_is_new;
ALTER TABLE contact_point ENABLE TRIGGER contact_point_is_other;
VACUUM ANALYZE

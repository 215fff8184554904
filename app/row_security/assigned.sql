-- What is missing of the walls around the conversations of others, as statements: none, and they
-- stand. They bind the role of whoever sees no more than what is assigned to them (docs/adr/0034).
WITH walls (relname, clause) AS (VALUES
    ('conversation', 'conversation_seen(assignee_id)'),
    ('conversation_count', 'conversation_seen(assignee_id)'),
    -- It counts the messages of all conversations.
    ('message_count', 'false'),
    ('automation_event', 'customer_seen(customer_id)'),
    ('automation_run', 'customer_seen(customer_id)'),
    ('call', 'customer_seen(customer_id)'),
    ('conversation_event', 'customer_seen(customer_id)'),
    ('conversation_label', 'customer_seen(customer_id)'),
    ('message', 'customer_seen(customer_id)'),
    ('message_words', 'customer_seen(customer_id)'),
    ('note', 'customer_seen(customer_id)'),
    ('promise', 'customer_seen(customer_id)'),
    ('scheduled_message', 'customer_seen(customer_id)'),
    ('user_notice', 'customer_seen(customer_id)'),
    ('media', 'message_seen(message_id)'),
    ('message_event', 'message_seen(message_id)'),
    ('message_quote', 'message_seen(message_id)'),
    ('received_email', 'message_seen(message_id)')
), bound AS (
    SELECT oid, pg_class.relname, clause FROM pg_class JOIN walls USING (relname)
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
)
SELECT format('GRANT %%I TO %%I', %(tenant)s::text, %(assigned)s::text)
WHERE NOT pg_has_role(%(assigned)s, %(tenant)s, 'USAGE')
UNION ALL
SELECT format(
    'CREATE POLICY of_whoever_sees_it ON %%I AS RESTRICTIVE TO %%I USING (%%s)',
    relname, %(assigned)s::text, clause)
FROM bound
WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = bound.oid AND polname = 'of_whoever_sees_it')

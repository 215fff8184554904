"""webhooks are told at once

What an endpoint is to be told is a row of the transaction of what it tells of, whoever wrote that
(docs/adr/0020-told-by-triggers.md).

Revision ID: 0058
Revises: 0057
"""
from alembic import op

revision = '0058'
down_revision = '0057'
branch_labels = None
depends_on = None

# Whoever removes an endpoint meanwhile comes first, or after. What thin() in
# app/automation/webhooks/deliver.py says of an event is said here, too.
TELL_ENDPOINTS = """
CREATE FUNCTION tell_endpoints(happened automation_event) RETURNS void LANGUAGE sql AS $$
    INSERT INTO webhook_delivery (
        tenant_id, endpoint_id, webhook_id, type, payload, status, next_at, created_at
    )
    SELECT happened.tenant_id, id, 'evt_' || happened.id, happened.type,
           jsonb_build_object(
               'type', happened.type,
               'timestamp',
               to_char(happened.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+00:00"'),
               'data', jsonb_strip_nulls(jsonb_build_object(
                   'event_id', happened.id::text,
                   'customer_id', happened.customer_id::text,
                   'message_id', happened.message_id::text,
                   'appointment_id', happened.appointment_id::text,
                   'call_id', happened.call_id::text,
                   'starts_at', happened.facts -> 'starts_at',
                   'was', happened.facts -> 'was',
                   'status', happened.facts -> 'status',
                   'label_id', happened.facts -> 'label_id',
                   'answer', happened.facts -> 'answer',
                   'outcome', happened.facts -> 'outcome',
                   'origin', happened.origin
               ))
           )::text,
           'waiting', happened.due_at, happened.at
    FROM webhook_endpoint
    WHERE tenant_id = happened.tenant_id AND disabled_at IS NULL
      AND happened.type = ANY(event_types) AND created_at <= happened.at
    ORDER BY id
    FOR KEY SHARE
    ON CONFLICT DO NOTHING
$$
"""
EVENT_HAPPENED = """
CREATE FUNCTION event_happened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tell_endpoints(NEW);
    RETURN NULL;
END $$
"""
AFTER_EVENT = """
CREATE TRIGGER event_happened AFTER INSERT ON automation_event
    FOR EACH ROW EXECUTE FUNCTION event_happened()
"""

# Written out in each, as a function of its own would cost a webhook as much again.
WANTED = """EXISTS (
        SELECT FROM webhook_endpoint
        WHERE tenant_id = NEW.tenant_id AND disabled_at IS NULL
          AND '{type}' = ANY(event_types) AND created_at <= {at}
    )"""
# What app/automation/collect.py finds for all others, it finds here before anybody looks.
MESSAGE_HEARD = """
CREATE FUNCTION message_heard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {wanted} AND NOT EXISTS (
        SELECT FROM received_email
        WHERE tenant_id = NEW.tenant_id AND message_id = NEW.id AND NOT personal
    ) THEN
        INSERT INTO automation_event (
            tenant_id, type, customer_id, found_in, message_id, origin, at, due_at
        ) VALUES (
            NEW.tenant_id, 'message.received', NEW.customer_id, NEW.id, NEW.id, 'customer',
            NEW.created_at, NEW.created_at
        ) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$
""".replace("{wanted}", WANTED.format(type="message.received", at="NEW.created_at"))
AFTER_MESSAGE = """
CREATE TRIGGER message_heard AFTER INSERT ON message
    FOR EACH ROW WHEN (NEW.direction = 'inbound' AND NOT NEW.recovered)
    EXECUTE FUNCTION message_heard()
"""
MESSAGE_FAILED = """
CREATE FUNCTION message_failed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    tried timestamptz := coalesce(NEW.attempted_at, NEW.send_after);
    by_rule bigint := substring(NEW.client_token FROM '^rule:([0-9]{1,18})$');
    cause automation_event;
BEGIN
    IF {wanted} THEN
        SELECT event.* INTO cause
        FROM automation_run run
        JOIN automation_event event ON event.tenant_id = run.tenant_id AND event.id = run.event_id
        WHERE run.tenant_id = NEW.tenant_id AND run.id = by_rule;
        INSERT INTO automation_event (
            tenant_id, type, customer_id, found_in, message_id, origin, cause_id, depth, at, due_at
        ) VALUES (
            NEW.tenant_id, 'message.failed', NEW.customer_id, NEW.id, NEW.id,
            CASE WHEN cause.id IS NULL THEN 'system' ELSE 'automation' END,
            cause.id, coalesce(cause.depth + 1, 0), tried, tried
        ) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$
""".replace("{wanted}", WANTED.format(type="message.failed", at="tried"))
AFTER_FAILURE = """
CREATE TRIGGER message_failed AFTER UPDATE OF status ON message
    FOR EACH ROW WHEN (NEW.status = 'failed' AND OLD.status <> 'failed')
    EXECUTE FUNCTION message_failed()
"""
# One that is looked up days later is no news.
CALL_MISSED = """
CREATE FUNCTION call_missed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {wanted} THEN
        INSERT INTO automation_event (
            tenant_id, type, customer_id, found_in, call_id, origin, at, due_at
        ) VALUES (
            NEW.tenant_id, 'call.missed', NEW.customer_id, NEW.id, NEW.id, 'customer',
            NEW.missed_at, NEW.missed_at
        ) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$
""".replace("{wanted}", WANTED.format(type="call.missed", at="NEW.missed_at"))
AFTER_CALL = """
CREATE TRIGGER call_missed AFTER INSERT OR UPDATE OF outcome, missed_at ON call
    FOR EACH ROW WHEN (
        NEW.outcome = 'missed' AND NEW.customer_id IS NOT NULL
        AND NEW.missed_at < NEW.started_at + interval '1 day'
    ) EXECUTE FUNCTION call_missed()
"""
# Its webhooks were to be told by whoever judges it, and are no more.
NOT_JUDGED_YET = """
SELECT tell_endpoints(event) FROM automation_event event WHERE judged_at IS NULL
"""

UP = (
    TELL_ENDPOINTS,
    EVENT_HAPPENED,
    AFTER_EVENT,
    MESSAGE_HEARD,
    AFTER_MESSAGE,
    MESSAGE_FAILED,
    AFTER_FAILURE,
    CALL_MISSED,
    AFTER_CALL,
    NOT_JUDGED_YET,
)


def upgrade():
    for statement in UP:
        op.execute(statement)


def downgrade():
    op.execute('DROP TRIGGER event_happened ON automation_event')
    op.execute('DROP TRIGGER message_heard ON message')
    op.execute('DROP TRIGGER message_failed ON message')
    op.execute('DROP TRIGGER call_missed ON call')
    for function in ('event_happened', 'message_heard', 'message_failed', 'call_missed'):
        op.execute(f'DROP FUNCTION {function}()')
    op.execute('DROP FUNCTION tell_endpoints(automation_event)')

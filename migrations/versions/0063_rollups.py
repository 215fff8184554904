"""rollups

What the dashboard tells is counted by triggers, in the transaction of whatever changes it, and by
quarters of an hour of UTC: every zone's days and hours are made of whole ones, also where clocks
change. A change is a row, so that nobody waits for anybody; a worker adds it up.

Revision ID: 0063
Revises: 0062
"""
from alembic import op
import sqlalchemy as sa

revision = '0063'
down_revision = '0062'
branch_labels = None
depends_on = None

COLUMNS = 'tenant_id, at, what, kind, detail, who_id, total'

# What has become of a message that went out; NULL: it has not gone, and is not counted.
FATE = """
    CASE WHEN {status} IN ('accepted', 'sent') THEN 'sent' WHEN {status} IN ('delivered', 'read') THEN 'delivered'
        WHEN {status} IN ('failed', 'unknown') THEN {status}::text END
"""
# How long the customer waited, as the exponent of 1.1 that it reaches in seconds: so the median is
# known to within a twentieth (DDSketch, arXiv:1908.10693). A first answer is that of a conversation
# in which nobody of the business has written, or that was closed.
MESSAGE = f"""
    SELECT created_at, 'heard', channel, '', 0 WHERE direction = 'inbound'
    UNION ALL
    SELECT created_at, 'sent', channel, {FATE.format(status='status')}, coalesce(author_id, 0)
    WHERE direction = 'outbound' AND {FATE.format(status='status')} IS NOT NULL
    UNION ALL
    SELECT created_at, 'answer',
        CASE WHEN conversation_before ->> 'last_author_id' IS NULL
            OR conversation_before ->> 'closed_at' IS NOT NULL THEN 'first' ELSE 'later' END,
        floor(ln(greatest(extract(epoch FROM created_at - since), 1)) / ln(1.1))::integer::text, author_id
    FROM (SELECT least((conversation_before ->> 'waiting_since')::timestamptz,
        (conversation_before ->> 'waited_since')::timestamptz) AS since) wait
    WHERE direction = 'outbound' AND author_id IS NOT NULL AND since IS NOT NULL
        AND status NOT IN ('failed', 'cancelled')
"""
NOTIFICATION = """
    SELECT decided_at, 'notification', type, status || ' ' || cause, 0
    WHERE status <> 'planned' AND decided_at IS NOT NULL
"""
APPOINTMENT = "SELECT starts_at, 'appointment', status, '', coalesce(staff_member_id, 0)"
REPLY = "SELECT at, 'reply', outcome, '', 0 WHERE outcome IN ('confirmed', 'cancelled')"
# Of each table: its columns with their types, what is counted of a row, and which change matters.
COUNTED = {
    'message': (
        {'created_at': 'timestamptz', 'channel': 'text', 'direction': 'text', 'status': 'message_status',
         'author_id': 'integer', 'conversation_before': 'jsonb'},
        MESSAGE,
        f"""NEW.direction = 'outbound' AND (
            {FATE.format(status='OLD.status')} IS DISTINCT FROM {FATE.format(status='NEW.status')}
            OR (OLD.status = 'cancelled') <> (NEW.status = 'cancelled')
            OR OLD.author_id IS DISTINCT FROM NEW.author_id OR OLD.channel <> NEW.channel
            OR OLD.conversation_before IS DISTINCT FROM NEW.conversation_before)""",
    ),
    'notification': (
        {'decided_at': 'timestamptz', 'type': 'text', 'status': 'text', 'cause': 'text'},
        NOTIFICATION,
        '(OLD.decided_at, OLD.status, OLD.cause) IS DISTINCT FROM (NEW.decided_at, NEW.status, NEW.cause)',
    ),
    'appointment': (
        {'starts_at': 'timestamptz', 'status': 'text', 'staff_member_id': 'integer'},
        APPOINTMENT,
        '(OLD.starts_at, OLD.status, OLD.staff_member_id)'
        ' IS DISTINCT FROM (NEW.starts_at, NEW.status, NEW.staff_member_id)',
    ),
    'reply': (
        {'at': 'timestamptz', 'outcome': 'text'},
        REPLY,
        '(OLD.at, OLD.outcome) IS DISTINCT FROM (NEW.at, NEW.outcome)',
    ),
}
FACTS = """
CREATE FUNCTION {table}_facts({typed}) RETURNS TABLE (at timestamptz, what text, kind text, detail text, who_id integer)
LANGUAGE sql STABLE AS $$ {facts} $$
"""
# Of a business that is being deleted nothing is counted.
ADD = f"""
    INSERT INTO rollup_change ({COLUMNS})
    SELECT tenant_id, date_bin('15 minutes', fact.at, 'epoch'), what, fact.kind, detail, who_id, sum(change)
    FROM {{rows}}, LATERAL {{table}}_facts({{columns}}) fact
    WHERE EXISTS (SELECT FROM tenant WHERE tenant.id = tenant_id)
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(change) <> 0
"""
COUNT = """
CREATE FUNCTION count_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN {added};
    ELSIF TG_OP = 'DELETE' THEN {gone};
    ELSE {changed};
    END IF;
    RETURN NULL;
END $$
"""
TRIGGERS = """
CREATE TRIGGER roll_up_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_{table}();
CREATE TRIGGER roll_up_gone AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION count_{table}();
CREATE TRIGGER roll_up_change AFTER UPDATE OF {columns} ON {table}
    FOR EACH ROW WHEN ({matters}) EXECUTE FUNCTION count_{table}()
"""
# Somebody who says STOP says it for each form of their number, and perhaps again: it counts once,
# until they say START. The ledger is only ever added to.
STOPS = f"""
    INSERT INTO rollup_change ({COLUMNS})
    SELECT tenant_id, date_bin('15 minutes', at, 'epoch'), 'stop', channel, source, 0, count(*)
    FROM {{rows}} said
    WHERE said.said = 'stop' AND NOT EXISTS (
        SELECT FROM consent_event form WHERE form.tenant_id = said.tenant_id
            AND form.message_id = said.message_id AND form.said = 'stop' AND form.id < said.id
    ) AND coalesce((
        SELECT before.said FROM consent_event before WHERE before.tenant_id = said.tenant_id
            AND before.channel = said.channel AND before.address = said.address AND before.id < said.id
        ORDER BY before.id DESC LIMIT 1
    ), 'start') <> 'stop'
    GROUP BY 1, 2, 3, 4, 5
"""
COUNT_STOPS = f"""
CREATE FUNCTION count_stops() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {STOPS.format(rows='added')};
    RETURN NULL;
END $$
"""
STOP_TRIGGER = """
CREATE TRIGGER roll_up_new AFTER INSERT ON consent_event REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_stops()
"""


def upgrade():
    _tables()
    for table, (types, facts, matters) in COUNTED.items():
        names = ', '.join(types)
        typed = ', '.join(f'{name} {type_}' for name, type_ in types.items())
        op.execute(FACTS.format(table=table, typed=typed, facts=facts))
        op.execute(_count(table, types))
        for statement in TRIGGERS.format(table=table, columns=names, matters=matters).split(';'):
            op.execute(statement)
        op.execute(_add(table, types, f'(SELECT *, 1 AS change FROM {table}) had'))
    op.execute(COUNT_STOPS)
    op.execute(STOP_TRIGGER)
    op.execute(STOPS.format(rows='consent_event'))


def _add(table, types, rows):
    columns = ', '.join(f'had.{name}' for name in types)
    return ADD.format(table=table, columns=columns, rows=rows)


def _count(table, types):
    names = ('tenant_id', *types)
    old, new = (', '.join(f'{row}.{name}' for name in names) for row in ('OLD', 'NEW'))
    both = f"(VALUES ({old}, -1), ({new}, 1)) had ({', '.join(names)}, change)"
    return COUNT.format(
        table=table,
        added=_add(table, types, '(SELECT *, 1 AS change FROM added) had'),
        gone=_add(table, types, '(SELECT *, -1 AS change FROM gone) had'),
        changed=_add(table, types, both),
    )


def _tables():
    op.create_table(
        'rollup_change',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *_counter('rollup_change'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rollup_change')),
    )
    op.create_index('ix_rollup_change_tenant', 'rollup_change', ['tenant_id'])
    op.create_table(
        'rollup',
        *_counter('rollup'),
        sa.PrimaryKeyConstraint('tenant_id', 'what', 'at', 'kind', 'detail', 'who_id', name=op.f('pk_rollup')),
    )


def _counter(table):
    name = op.f(f'fk_{table}_tenant_id')
    return (
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('what', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('detail', sa.Text(), nullable=False),
        sa.Column('who_id', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=name, ondelete='CASCADE'),
    )


def downgrade():
    for table in (*COUNTED, 'consent_event'):
        for name in ('roll_up_new', 'roll_up_gone', 'roll_up_change'):
            op.execute(f'DROP TRIGGER IF EXISTS {name} ON {table}')
    op.execute('DROP FUNCTION count_stops()')
    for table, (types, _, _) in COUNTED.items():
        op.execute(f'DROP FUNCTION count_{table}()')
        op.execute(f"DROP FUNCTION {table}_facts({', '.join(types.values())})")
    op.drop_table('rollup')
    op.drop_table('rollup_change')

"""shared numbers

A customer may be reached through another one, and somebody else may come to an appointment than
the customer with whom it was agreed on.

Revision ID: 0081
Revises: 0080
"""
from alembic import op

revision = '0081'
down_revision = '0080'
branch_labels = None
depends_on = None

COLUMNS = {
    'customer': 'reached_through_id integer',
    'appointment': "attendee_id integer, ADD COLUMN IF NOT EXISTS attendee_name text DEFAULT '' NOT NULL",
}
# Of a table in parts (docs/adr/0027) neither is possible.
IN_USE = "SELECT FROM tenant WHERE (SELECT relkind = 'r' FROM pg_class WHERE oid = 'appointment'::regclass) LIMIT 1"
INDEXES = {
    'ix_customer_reached_through': 'customer (tenant_id, reached_through_id) WHERE reached_through_id IS NOT NULL',
    'ix_appointment_attendee': 'appointment (tenant_id, attendee_id, starts_at) WHERE attendee_id IS NOT NULL',
}
# Nobody is reached through themselves; somebody else comes, or only a name is known.
CONSTRAINTS = {
    'fk_customer_tenant_id_reached_through_id': (
        'customer',
        'FOREIGN KEY (tenant_id, reached_through_id) REFERENCES customer (tenant_id, id)'
        ' ON DELETE SET NULL (reached_through_id)',
    ),
    'fk_appointment_tenant_id_attendee_id': (
        'appointment',
        'FOREIGN KEY (tenant_id, attendee_id) REFERENCES customer (tenant_id, id) ON DELETE CASCADE',
    ),
    'ck_customer_reached_through_another': ('customer', 'CHECK (reached_through_id <> id)'),
    'ck_appointment_attended_by_another': ('appointment', 'CHECK (attendee_id <> customer_id)'),
    'ck_appointment_attendee_is_one': ('appointment', "CHECK (attendee_id IS NULL OR attendee_name = '')"),
}


def upgrade():
    for table, column in COLUMNS.items():
        op.execute(f'ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}')
    # Where there is data, it is checked and indexed while everybody writes, and so in no transaction.
    if op.get_bind().exec_driver_sql(IN_USE).all():
        with op.get_context().autocommit_block():
            _constrain('CONCURRENTLY', 'NOT VALID')
    else:
        _constrain('', '')


def _constrain(concurrently, unchecked):
    for name, says in INDEXES.items():
        # Left by one that was cut off, and perhaps not whole.
        op.execute(f'DROP INDEX IF EXISTS {name}')
        op.execute(f'CREATE INDEX {concurrently} {name} ON {says}')
    for name, (table, says) in CONSTRAINTS.items():
        op.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}')
        op.execute(f'ALTER TABLE {table} ADD CONSTRAINT {name} {says} {unchecked}')
        if unchecked:
            op.execute(f'ALTER TABLE {table} VALIDATE CONSTRAINT {name}')


def downgrade():
    for column in ('attendee_name', 'attendee_id'):
        op.drop_column('appointment', column)
    op.drop_column('customer', 'reached_through_id')

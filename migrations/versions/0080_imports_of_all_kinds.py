"""imports of all kinds

A file that is imported says of what it is (kind), what its columns are, and how far it is (status):
it is looked through before it is taken. What it changed is kept for a day, so that it can be undone.

A new file stands in `file`: the code before this one works through whatever has `content`.

Revision ID: 0080
Revises: 0079
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0080'
down_revision = '0079'
branch_labels = None
depends_on = None

KINDS = "kind IN ('customers', 'appointments', 'services', 'staff', 'consent')"
STATUSES = (
    "status IN ('mapping', 'checking', 'checked', 'importing', 'done', 'undoing', 'undone', 'failed')"
)
SOURCES = "source IN ('keyword', 'carrier', 'staff', 'link', 'complaint', 'chat'{more})"


def upgrade():
    for column in (
        sa.Column('kind', sa.Text(), server_default='appointments', nullable=False),
        sa.Column('status', sa.Text(), server_default='importing', nullable=False),
        sa.Column('file', sa.LargeBinary(), nullable=True),
        sa.Column('columns', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column('day_first', sa.Boolean(), nullable=True),
        sa.Column('undo_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('undone', sa.Integer(), server_default='0', nullable=False),
    ):
        op.add_column('appointment_import', column)
    op.execute("UPDATE appointment_import SET status = 'done' WHERE finished_at IS NOT NULL")
    op.create_check_constraint(op.f('ck_appointment_import_kind_known'), 'appointment_import', KINDS)
    op.create_check_constraint(op.f('ck_appointment_import_status_known'), 'appointment_import', STATUSES)
    op.create_table(
        'import_change',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('import_id', sa.BigInteger(), nullable=False),
        sa.Column('line', sa.Integer(), nullable=False),
        sa.Column('what', sa.Text(), nullable=False),
        sa.Column('row_id', sa.BigInteger(), nullable=False),
        sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('kept', sa.Text(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_import_change_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'import_id'],
            ['appointment_import.tenant_id', 'appointment_import.id'],
            name=op.f('fk_import_change_tenant_id_import_id'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_import_change')),
    )
    op.create_index('ix_import_change_import', 'import_change', ['tenant_id', 'import_id', 'id'])
    op.create_index('ix_import_change_row', 'import_change', ['tenant_id', 'import_id', 'what', 'row_id'])
    op.create_index('ix_import_change_at', 'import_change', ['at'])
    _sources(", 'import'")


def _sources(more):
    op.drop_constraint(op.f('ck_consent_event_source_known'), 'consent_event', type_='check')
    op.create_check_constraint(op.f('ck_consent_event_source_known'), 'consent_event', SOURCES.format(more=more))


def downgrade():
    op.execute("DELETE FROM consent_event WHERE source = 'import'")
    _sources('')
    op.drop_table('import_change')
    op.execute("DELETE FROM appointment_import WHERE content IS NULL AND finished_at IS NULL")
    for name in ('kind', 'status'):
        op.drop_constraint(op.f(f'ck_appointment_import_{name}_known'), 'appointment_import', type_='check')
    for name in ('kind', 'status', 'file', 'columns', 'day_first', 'undo_until', 'undone'):
        op.drop_column('appointment_import', name)

"""calendar

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-22 23:01:11.408008

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('appointment_import',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('announce', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), server_default='0', nullable=False),
    sa.Column('created', sa.Integer(), server_default='0', nullable=False),
    sa.Column('updated', sa.Integer(), server_default='0', nullable=False),
    sa.Column('unchanged', sa.Integer(), server_default='0', nullable=False),
    sa.Column('rejected', sa.Integer(), server_default='0', nullable=False),
    sa.Column('reasons', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('faults', sa.Integer(), server_default='0', nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('worked_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_appointment_import_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment_import'))
    )
    with op.batch_alter_table('appointment_import', schema=None) as batch_op:
        batch_op.create_index('ix_appointment_import_listed', ['tenant_id', 'id'], unique=False)
        batch_op.create_index('ix_appointment_import_to_do', ['worked_at'], unique=False, postgresql_where=sa.text('finished_at IS NULL'))
        batch_op.create_index('uq_appointment_import_under_way', ['tenant_id'], unique=True, postgresql_where=sa.text('finished_at IS NULL'))

    # What was known before was agreed on when it was entered.
    op.execute('UPDATE appointment SET booked_at = created_at')


def downgrade():
    with op.batch_alter_table('appointment_import', schema=None) as batch_op:
        batch_op.drop_index('uq_appointment_import_under_way', postgresql_where=sa.text('finished_at IS NULL'))
        batch_op.drop_index('ix_appointment_import_to_do', postgresql_where=sa.text('finished_at IS NULL'))
        batch_op.drop_index('ix_appointment_import_listed')

    op.drop_table('appointment_import')

"""health on request

Since when somebody waits for a look at the messaging health, of a business or of what all share; and
which messages were sent to see whether they come back.

Revision ID: 0050
Revises: 0044
"""
from alembic import op
import sqlalchemy as sa

revision = '0050'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'health_request',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=True),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_health_request_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_health_request')),
        sa.UniqueConstraint('tenant_id', name=op.f('uq_health_request_tenant_id'), postgresql_nulls_not_distinct=True),
    )
    op.create_table(
        'self_test',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('message_id', sa.BigInteger(), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'message_id'], ['message.tenant_id', 'message.id'], name=op.f('fk_self_test_tenant_id_message_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_self_test_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_self_test')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_self_test_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'message_id', name=op.f('uq_self_test_tenant_id_message_id')),
    )


def downgrade():
    op.drop_table('self_test')
    op.drop_table('health_request')

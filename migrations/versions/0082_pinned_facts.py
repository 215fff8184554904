"""pinned facts

What everybody should know of a customer before they come, with who wrote it and when.

Revision ID: 0082
Revises: 0081
"""
from alembic import op
import sqlalchemy as sa

revision = '0082'
down_revision = '0081'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'pinned_fact',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('fact', sa.Text(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), server_default='1', nullable=False),
        sa.CheckConstraint('char_length(fact) BETWEEN 1 AND 200', name=op.f('ck_pinned_fact_fact_short')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_pinned_fact_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'],
            name=op.f('fk_pinned_fact_tenant_id_customer_id'), ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'],
            name=op.f('fk_pinned_fact_tenant_id_user_id'), ondelete='SET NULL (user_id)',
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_pinned_fact')),
        sa.UniqueConstraint('tenant_id', 'customer_id', 'fact', name=op.f('uq_pinned_fact_tenant_id_customer_id_fact')),
    )
    op.create_index('ix_pinned_fact_user', 'pinned_fact', ['tenant_id', 'user_id'], postgresql_where=sa.text('user_id IS NOT NULL'))


def downgrade():
    op.drop_table('pinned_fact')

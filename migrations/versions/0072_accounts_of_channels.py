"""accounts of channels

Accounts at carriers who make up their addresses themselves (Messenger, Instagram), and what such a
carrier holds of its thread with a customer: since when its session window is open.

Revision ID: 0072
Revises: 0071
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0072'
down_revision = '0071'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'channel_account',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('node', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), server_default='', nullable=False),
        sa.Column('token_sealed', sa.Text(), nullable=False),
        sa.Column('token_ends_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('subscribed', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
        sa.Column('human_agent', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('connected_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.Column('trouble', sa.Text(), nullable=True),
        sa.Column('warning', sa.Text(), nullable=True),
        sa.Column('check_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_channel_account_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_channel_account')),
        sa.UniqueConstraint('tenant_id', 'channel', name=op.f('uq_channel_account_tenant_id_channel')),
        sa.UniqueConstraint('channel', 'address', name=op.f('uq_channel_account_channel_address')),
    )
    op.create_index(op.f('ix_channel_account_check_at'), 'channel_account', ['check_at'])
    op.create_table(
        'channel_thread',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('held_until', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_channel_thread_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_channel_thread_tenant_id_customer_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_channel_thread')),
        sa.UniqueConstraint('tenant_id', 'customer_id', 'channel', name=op.f('uq_channel_thread_tenant_id_customer_id_channel')),
    )


def downgrade():
    op.drop_table('channel_thread')
    op.drop_table('channel_account')

"""browsers that are told

Whether somebody wants to hear of it when a customer writes; the browsers that are told of it; and up
to when of each conversation they were.

Revision ID: 0056
Revises: 0055
"""
from alembic import op
import sqlalchemy as sa

revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None


def upgrade():
    for name in ('alert_sound', 'alert_notify'):
        op.add_column('user', sa.Column(name, sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.create_table(
        'push_subscription',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.BigInteger(), nullable=False),
        sa.Column('endpoint', sa.Text(), nullable=False),
        sa.Column('p256dh', sa.Text(), nullable=False),
        sa.Column('auth', sa.Text(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_push_subscription_tenant_id_user_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_push_subscription_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_push_subscription')),
        sa.UniqueConstraint('endpoint', name=op.f('uq_push_subscription_endpoint')),
    )
    op.create_index('ix_push_subscription_user', 'push_subscription', ['tenant_id', 'user_id'])
    op.create_table(
        'push_notice',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('told_up_to', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_push_notice_tenant_id_customer_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_push_notice_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_push_notice')),
        sa.UniqueConstraint('tenant_id', 'customer_id', name=op.f('uq_push_notice_tenant_id_customer_id')),
    )


def downgrade():
    op.drop_table('push_notice')
    op.drop_table('push_subscription')
    for name in ('alert_notify', 'alert_sound'):
        op.drop_column('user', name)

"""outgoing webhooks

Where businesses' own systems are told of events, and each telling on its way.

Revision ID: 0047
Revises: 0046
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'webhook_endpoint',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('url', sa.Text(), nullable=False),
        sa.Column('secret_sealed', sa.Text(), nullable=False),
        sa.Column('old_secret_sealed', sa.Text(), nullable=True),
        sa.Column('old_secret_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('event_types', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('disabled_reason', sa.Text(), server_default='', nullable=False),
        sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('quiet_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('served_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint('num_nulls(old_secret_sealed, old_secret_until) <> 1', name=op.f('ck_webhook_endpoint_old_secret')),
        sa.CheckConstraint("(disabled_at IS NULL) = (disabled_reason = '')", name=op.f('ck_webhook_endpoint_why_disabled')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_webhook_endpoint_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_endpoint')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_webhook_endpoint_tenant_id_id')),
    )
    op.create_table(
        'webhook_delivery',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('endpoint_id', sa.BigInteger(), nullable=False),
        sa.Column('webhook_id', sa.Text(), nullable=False),
        sa.Column('type', sa.Text(), nullable=False),
        sa.Column('payload', sa.Text(), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
        sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('claim', sa.Uuid(), nullable=True),
        sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('took_ms', sa.Integer(), nullable=True),
        sa.Column('answered', sa.Integer(), nullable=True),
        sa.Column('answer', sa.Text(), server_default='', nullable=False),
        sa.Column('error', sa.Text(), server_default='', nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('waiting', 'sending', 'delivered', 'failed')", name=op.f('ck_webhook_delivery_status_known')),
        sa.CheckConstraint("(status = 'sending') = (claim IS NOT NULL)", name=op.f('ck_webhook_delivery_claimed_when_sending')),
        sa.ForeignKeyConstraint(['tenant_id', 'endpoint_id'], ['webhook_endpoint.tenant_id', 'webhook_endpoint.id'], name=op.f('fk_webhook_delivery_tenant_id_endpoint_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_webhook_delivery_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_delivery')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_webhook_delivery_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'endpoint_id', 'webhook_id', name=op.f('uq_webhook_delivery_tenant_id_endpoint_id_webhook_id')),
    )
    op.create_index('ix_webhook_delivery_due', 'webhook_delivery', ['tenant_id', 'endpoint_id', 'next_at'], unique=False, postgresql_where=sa.text("status = 'waiting'"))
    op.create_index('ix_webhook_delivery_held', 'webhook_delivery', ['lease_until'], unique=False, postgresql_where=sa.text("status = 'sending'"))
    op.create_index('ix_webhook_delivery_log', 'webhook_delivery', ['tenant_id', 'endpoint_id', 'id'], unique=False)
    op.create_index('ix_webhook_delivery_old', 'webhook_delivery', ['created_at'], unique=False)


def downgrade():
    op.drop_table('webhook_delivery')
    op.drop_table('webhook_endpoint')

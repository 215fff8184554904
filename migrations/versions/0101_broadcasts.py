"""broadcasts

Offers to the customers of a segment, and for whom each is, once.

Revision ID: 0101
Revises: 0100
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0101'
down_revision = '0100'
branch_labels = None
depends_on = None


def _reference(table, column, other, ondelete='CASCADE'):
    return sa.ForeignKeyConstraint(
        ['tenant_id', column],
        [f'{other}.tenant_id', f'{other}.id'],
        name=op.f(f'fk_{table}_tenant_id_{column}'),
        ondelete=ondelete,
    )


def upgrade():
    op.create_table(
        'broadcast',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('status', sa.Text(), server_default='draft', nullable=False),
        sa.Column('segment_id', sa.Integer(), nullable=True),
        sa.Column('filters', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), server_default='', nullable=False),
        sa.Column('body', sa.Text(), server_default='', nullable=False),
        sa.Column('approved_id', sa.Integer(), nullable=True),
        sa.Column('gaps', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
        sa.Column('rest_days', sa.Integer(), server_default='7', nullable=False),
        sa.Column('a_day', sa.Integer(), nullable=True),
        sa.Column('version', sa.Integer(), server_default='1', nullable=False),
        sa.Column('start_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('started_by_id', sa.Integer(), nullable=True),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('listed_to', sa.Integer(), server_default='0', nullable=False),
        sa.Column('listed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.CheckConstraint("channel IN ('sms', 'whatsapp', 'email')", name=op.f('ck_broadcast_channel_known')),
        sa.CheckConstraint("status IN ('draft', 'running', 'paused', 'done', 'stopped')", name=op.f('ck_broadcast_status_known')),
        sa.CheckConstraint("status = 'draft' OR start_at IS NOT NULL AND filters IS NOT NULL", name=op.f('ck_broadcast_start_known')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_broadcast_tenant_id'), ondelete='CASCADE'),
        _reference('broadcast', 'segment_id', 'customer_segment', 'SET NULL (segment_id)'),
        _reference('broadcast', 'approved_id', 'whatsapp_template', 'SET NULL (approved_id)'),
        _reference('broadcast', 'started_by_id', 'user', 'SET NULL (started_by_id)'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_broadcast')),
    )
    op.create_index('ix_broadcast_segment', 'broadcast', ['tenant_id', 'segment_id'])
    op.create_index('ix_broadcast_approved', 'broadcast', ['tenant_id', 'approved_id'])
    op.create_index('ix_broadcast_started_by', 'broadcast', ['tenant_id', 'started_by_id'])
    op.create_index('ix_broadcast_to_do', 'broadcast', ['start_at'], postgresql_where=sa.text("status = 'running'"))
    op.create_table(
        'broadcast_recipient',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('broadcast_id', sa.BigInteger(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('round', sa.Integer(), server_default='0', nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('cause', sa.Text(), server_default='', nullable=False),
        sa.Column('reason', sa.Text(), server_default='', nullable=False),
        sa.Column('message_id', sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(decided_at IS NULL) = (cause = '')", name=op.f('ck_broadcast_recipient_decided_has_a_cause')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_broadcast_recipient_tenant_id'), ondelete='CASCADE'),
        _reference('broadcast_recipient', 'broadcast_id', 'broadcast'),
        _reference('broadcast_recipient', 'customer_id', 'customer'),
        _reference('broadcast_recipient', 'message_id', 'message', 'SET NULL (message_id)'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_broadcast_recipient')),
        sa.UniqueConstraint(
            'tenant_id', 'broadcast_id', 'customer_id',
            name=op.f('uq_broadcast_recipient_tenant_id_broadcast_id_customer_id'),
        ),
    )
    op.create_index(
        'ix_broadcast_recipient_waiting',
        'broadcast_recipient',
        ['tenant_id', 'broadcast_id', 'id'],
        postgresql_where=sa.text('decided_at IS NULL'),
    )
    op.create_index('ix_broadcast_recipient_customer', 'broadcast_recipient', ['tenant_id', 'customer_id', 'decided_at'])
    op.create_index(
        'ix_broadcast_recipient_message',
        'broadcast_recipient',
        ['tenant_id', 'message_id'],
        postgresql_where=sa.text('message_id IS NOT NULL'),
    )


def downgrade():
    op.drop_table('broadcast_recipient')
    op.drop_table('broadcast')

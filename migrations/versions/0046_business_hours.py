"""business hours

When a business is open: its weekly intervals, its exceptions with theirs, what it does on public
holidays; and which conversations were told in a closed period that it is closed.

Revision ID: 0046
Revises: 0044
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0046'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'business_hours',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('holidays', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('region', sa.Text(), nullable=True),
        sa.Column('open_holidays', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_business_hours_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', name=op.f('pk_business_hours')),
    )
    op.create_table(
        'hours_exception',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('note', sa.Text(), server_default='', nullable=False),
        sa.Column('as_usual', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_hours_exception_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hours_exception')),
        sa.UniqueConstraint('tenant_id', 'day', name=op.f('uq_hours_exception_tenant_id_day')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_hours_exception_tenant_id_id')),
    )
    op.create_table(
        'opening_interval',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('weekday', sa.SmallInteger(), nullable=True),
        sa.Column('exception_id', sa.Integer(), nullable=True),
        sa.Column('opens', sa.Integer(), nullable=False),
        sa.Column('closes', sa.Integer(), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint('num_nonnulls(weekday, exception_id) = 1', name=op.f('ck_opening_interval_of_one_day')),
        sa.CheckConstraint('opens BETWEEN 0 AND 1439 AND closes > opens AND closes - opens <= 1440', name=op.f('ck_opening_interval_within_a_day')),
        sa.CheckConstraint('weekday BETWEEN 0 AND 6', name=op.f('ck_opening_interval_weekday_known')),
        sa.ForeignKeyConstraint(['tenant_id', 'exception_id'], ['hours_exception.tenant_id', 'hours_exception.id'], name=op.f('fk_opening_interval_tenant_id_exception_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_opening_interval_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_opening_interval')),
        sa.UniqueConstraint('tenant_id', 'exception_id', 'opens', name=op.f('uq_opening_interval_tenant_id_exception_id_opens')),
        sa.UniqueConstraint('tenant_id', 'weekday', 'opens', name=op.f('uq_opening_interval_tenant_id_weekday_opens')),
    )
    op.create_table(
        'away_message',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('conversation_id', sa.Integer(), nullable=False),
        sa.Column('closed_since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'conversation_id'], ['conversation.tenant_id', 'conversation.id'], name=op.f('fk_away_message_tenant_id_conversation_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_away_message_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_away_message')),
        sa.UniqueConstraint('tenant_id', 'conversation_id', 'closed_since', name=op.f('uq_away_message_tenant_id_conversation_id_closed_since'), postgresql_nulls_not_distinct=True),
    )


def downgrade():
    op.drop_table('away_message')
    op.drop_table('opening_interval')
    op.drop_table('hours_exception')
    op.drop_table('business_hours')

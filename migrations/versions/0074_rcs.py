"""rcs

A business's RCS sender and the Messaging Service that it is in, with the right to them; by which
service a message left; whom RCS reaches; the buttons under reminders, and what was tapped.

Revision ID: 0074
Revises: 0073
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0074'
down_revision = '0073'
branch_labels = None
depends_on = None

EVENTS = (
    "kind IN ('closed', 'finished', 'opened', 'snoozed', 'woke', 'assigned', 'unassigned',"
    " 'label_added', 'label_removed', 'booked', 'moved', 'confirmed', 'cancelled',"
    " 'completed', 'no_show', 'reopened'{more})"
)
HELD_BY = "state = 'held' AND service_sid IS NOT NULL"


def upgrade():
    op.add_column('tenant', sa.Column('rcs_sender', sa.Text(), nullable=True))
    op.add_column('tenant', sa.Column('messaging_service_sid', sa.Text(), nullable=True))
    for name in ('rcs_sender', 'messaging_service_sid'):
        op.create_unique_constraint(op.f(f'uq_tenant_{name}'), 'tenant', [name])
    op.create_check_constraint(op.f('ck_tenant_rcs_sender_whole'), 'tenant', '(rcs_sender IS NULL) = (messaging_service_sid IS NULL)')
    op.add_column('sender_number', sa.Column('service_sid', sa.Text(), nullable=True))
    _channels("'sms', 'whatsapp', 'rcs'")
    op.create_check_constraint(op.f('ck_sender_number_service_of_rcs'), 'sender_number', "(channel = 'rcs') = (service_sid IS NOT NULL)")
    op.create_index('uq_sender_number_service_held', 'sender_number', ['service_sid'], unique=True, postgresql_where=sa.text(HELD_BY))
    op.add_column('message', sa.Column('service_sid', sa.Text(), nullable=True))
    op.add_column('contact_point', sa.Column('rcs_seen_at', sa.DateTime(timezone=True), nullable=True))
    _events(", 'tapped'")
    op.create_table(
        'button_tap',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.BigInteger(), nullable=True),
        sa.Column('provider_sid', sa.Text(), nullable=False),
        sa.Column('button', sa.Text(), nullable=False),
        sa.Column('notification_id', sa.BigInteger(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("button IN ('confirm', 'cancel', 'click', 'other')", name=op.f('ck_button_tap_button_known')),
        _of('button_tap', 'customer_id', 'customer'),
        _of('button_tap', 'message_id', 'message'),
        _of('button_tap', 'notification_id', 'notification', 'SET NULL (notification_id)'),
        *_of_a_tenant('button_tap'),
        sa.UniqueConstraint('tenant_id', 'provider_sid', name=op.f('uq_button_tap_tenant_id_provider_sid')),
    )
    op.create_index('ix_button_tap_customer', 'button_tap', ['tenant_id', 'customer_id'])
    for of in ('message', 'notification'):
        op.create_index(f'ix_button_tap_{of}', 'button_tap', ['tenant_id', f'{of}_id'], postgresql_where=sa.text(f'{of}_id IS NOT NULL'))
    op.create_table(
        'button_card',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('account_sid', sa.Text(), nullable=False),
        sa.Column('digest', sa.Text(), nullable=False),
        sa.Column('definition', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('content_sid', sa.Text(), nullable=True),
        sa.Column('ask_after', sa.DateTime(timezone=True), nullable=True),
        sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
        sa.Column('reason', sa.Text(), server_default='', nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        *_of_a_tenant('button_card'),
        sa.UniqueConstraint('tenant_id', 'account_sid', 'digest', name=op.f('uq_button_card_tenant_id_account_sid_digest')),
    )
    op.create_index('ix_button_card_to_make', 'button_card', ['ask_after'], postgresql_where=sa.text('ask_after IS NOT NULL'))


def _of(table, column, other, ondelete='CASCADE'):
    name = op.f(f'fk_{table}_tenant_id_{column}')
    return sa.ForeignKeyConstraint(['tenant_id', column], [f'{other}.tenant_id', f'{other}.id'], name=name, ondelete=ondelete)


def _of_a_tenant(table):
    yield sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f(f'fk_{table}_tenant_id'), ondelete='CASCADE')
    yield sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f(f'pk_{table}'))


def _channels(known):
    op.drop_constraint(op.f('ck_sender_number_channel_known'), 'sender_number', type_='check')
    op.create_check_constraint(op.f('ck_sender_number_channel_known'), 'sender_number', f'channel IN ({known})')


def _events(more):
    op.drop_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', type_='check')
    op.create_check_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', EVENTS.format(more=more))


def downgrade():
    op.drop_table('button_card')
    op.drop_table('button_tap')
    op.execute("DELETE FROM conversation_event WHERE kind = 'tapped'")
    _events('')
    op.drop_column('contact_point', 'rcs_seen_at')
    op.drop_column('message', 'service_sid')
    op.drop_index('uq_sender_number_service_held', 'sender_number')
    op.execute("DELETE FROM sender_number WHERE channel = 'rcs'")
    op.drop_constraint(op.f('ck_sender_number_service_of_rcs'), 'sender_number', type_='check')
    _channels("'sms', 'whatsapp'")
    op.drop_column('sender_number', 'service_sid')
    op.drop_constraint(op.f('ck_tenant_rcs_sender_whole'), 'tenant', type_='check')
    for name in ('rcs_sender', 'messaging_service_sid'):
        op.drop_constraint(op.f(f'uq_tenant_{name}'), 'tenant', type_='unique')
        op.drop_column('tenant', name)

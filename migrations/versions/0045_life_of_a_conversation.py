"""life of a conversation

A conversation is open, snoozed or closed, and somebody's; it has labels and notes, and a log of what
was done with it. Every conversation that is there is open. Who wrote last within the last month, and
was not answered, waits from now on: of what is older nobody wants to be told.

Revision ID: 0045
Revises: 0044
"""
from alembic import op
import sqlalchemy as sa

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None

NOT_CLOSED = 'closed_at IS NULL OR waiting_since IS NOT NULL'
TABS = {
    'open': NOT_CLOSED,
    'closed': 'closed_at IS NOT NULL AND waiting_since IS NULL',
    'waiting': 'waiting_since IS NOT NULL',
    'snoozed': 'snoozed_until IS NOT NULL',
    'assigned': f'assignee_id IS NOT NULL AND ({NOT_CLOSED})',
}
KINDS = (
    "kind IN ('closed', 'opened', 'snoozed', 'woke', 'assigned', 'unassigned', 'label_added',"
    " 'label_removed')"
)
WAITING = """
UPDATE conversation SET waiting_since = last_message_at
WHERE last_direction IN ('inbound', 'missed_call') AND last_message_at > now() - interval '30 days'
"""


def upgrade():
    _conversation()
    op.create_table(
        'label',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('colour', sa.Text(), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("colour IN ('grey', 'red', 'orange', 'green', 'teal', 'blue', 'violet', 'pink')", name=op.f('ck_label_colour_known')),
        *_of_a_tenant('label'),
    )
    op.create_index('uq_label_name', 'label', ['tenant_id', sa.text('lower(name)')], unique=True)
    op.create_table(
        'conversation_label',
        *_about_a_customer('conversation_label'),
        sa.Column('label_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'label_id'], ['label.tenant_id', 'label.id'], name=op.f('fk_conversation_label_tenant_id_label_id'), ondelete='CASCADE'),
        sa.UniqueConstraint('tenant_id', 'customer_id', 'label_id', name=op.f('uq_conversation_label_tenant_id_customer_id_label_id')),
    )
    op.create_index('ix_conversation_label_label', 'conversation_label', ['tenant_id', 'label_id'])
    op.create_table(
        'note',
        *_about_a_customer('note'),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('client_token', sa.Text(), nullable=True),
        sa.UniqueConstraint('tenant_id', 'client_token', name=op.f('uq_note_tenant_id_client_token')),
    )
    op.create_index('ix_note_thread', 'note', ['tenant_id', 'customer_id', 'created_at'])
    op.create_table(
        'conversation_event',
        *_about_a_customer('conversation_event'),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('about', sa.Text(), nullable=True),
        sa.Column('until', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(KINDS, name=op.f('ck_conversation_event_kind_known')),
    )
    op.create_index('ix_conversation_event_thread', 'conversation_event', ['tenant_id', 'customer_id', 'at'])


def _conversation():
    for name in ('closed_at', 'snoozed_until', 'waiting_since', 'waited_since'):
        op.add_column('conversation', sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column('conversation', sa.Column('assignee_id', sa.Integer(), nullable=True))
    op.create_foreign_key(op.f('fk_conversation_tenant_id_assignee_id'), 'conversation', 'user', ['tenant_id', 'assignee_id'], ['tenant_id', 'id'], ondelete='SET NULL (assignee_id)')
    op.create_check_constraint(op.f('ck_conversation_closed_or_snoozed'), 'conversation', 'closed_at IS NULL OR snoozed_until IS NULL')
    op.execute(WAITING)
    for name, which in TABS.items():
        by = ['assignee_id'] if name == 'assigned' else []
        op.create_index(f'ix_conversation_{name}', 'conversation', ['tenant_id', *by, 'last_message_at', 'id'], postgresql_where=sa.text(which))
    op.create_index('ix_conversation_wakes', 'conversation', ['snoozed_until'], postgresql_where=sa.text('snoozed_until IS NOT NULL'))


def _about_a_customer(table):
    """Whose it is, and who did it."""
    return (
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('rule_id', sa.BigInteger(), nullable=True),
        sa.Column('rule_name', sa.Text(), nullable=True),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f(f'fk_{table}_tenant_id_customer_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f(f'fk_{table}_tenant_id_user_id'), ondelete='SET NULL (user_id)'),
        sa.ForeignKeyConstraint(['tenant_id', 'rule_id'], ['automation_rule.tenant_id', 'automation_rule.id'], name=op.f(f'fk_{table}_tenant_id_rule_id'), ondelete='SET NULL (rule_id)'),
        *_of_a_tenant(table),
    )


def _of_a_tenant(table):
    return (
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f(f'fk_{table}_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f(f'uq_{table}_tenant_id_id')),
    )


def downgrade():
    for table in ('conversation_event', 'note', 'conversation_label', 'label'):
        op.drop_table(table)
    for name in ('wakes', *TABS):
        op.drop_index(f'ix_conversation_{name}', table_name='conversation')
    op.drop_constraint(op.f('ck_conversation_closed_or_snoozed'), 'conversation', type_='check')
    op.drop_constraint(op.f('fk_conversation_tenant_id_assignee_id'), 'conversation', type_='foreignkey')
    for name in ('assignee_id', 'waited_since', 'waiting_since', 'snoozed_until', 'closed_at'):
        op.drop_column('conversation', name)

"""what a thread tells

Each step in the life of a message, written down by a trigger, so that nothing that moves one can
forget it; what a message quotes; who is named in a note; what users are told in the product itself;
and what became of appointments, among what was done with a conversation.

Revision ID: 0059
Revises: 0058
"""
from alembic import op
import sqlalchemy as sa

revision = '0059'
down_revision = '0058'
branch_labels = None
depends_on = None

BEFORE = (
    "kind IN ('closed', 'finished', 'opened', 'snoozed', 'woke', 'assigned', 'unassigned',"
    " 'label_added', 'label_removed'"
)
KINDS = (
    f"{BEFORE}, 'booked', 'moved', 'confirmed', 'cancelled', 'completed', 'no_show', 'reopened')"
)
LIFE = """
CREATE FUNCTION write_message_life() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.checks > OLD.checks THEN
        INSERT INTO message_event (tenant_id, message_id, at, kind, was, status)
        VALUES (NEW.tenant_id, NEW.id, clock_timestamp(), 'looked_for', OLD.status, NEW.status);
    END IF;
    IF NEW.status <> OLD.status THEN
        INSERT INTO message_event (tenant_id, message_id, at, kind, was, status, error_code, error)
        VALUES (
            NEW.tenant_id, NEW.id,
            CASE WHEN NEW.status = 'sending' THEN coalesce(NEW.attempted_at, clock_timestamp())
                 ELSE clock_timestamp() END,
            'moved', OLD.status, NEW.status, NEW.error_code, NEW.error
        );
    END IF;
    RETURN NULL;
END $$
"""
WHEN = """
CREATE TRIGGER message_life AFTER UPDATE OF status, checks ON message FOR EACH ROW
WHEN (OLD.status <> NEW.status OR NEW.checks > OLD.checks) EXECUTE FUNCTION write_message_life()
"""


def upgrade():
    op.create_table(
        'message_event',
        _id(),
        sa.Column('message_id', sa.BigInteger(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('was', sa.Text(), nullable=True),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('error_code', sa.Integer(), nullable=True),
        sa.Column('error', sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('moved', 'looked_for', 'reported')", name=op.f('ck_message_event_kind_known')),
        _of('message_event', 'message_id', 'message'),
        *_of_a_tenant('message_event'),
    )
    op.create_index('ix_message_event_message', 'message_event', ['tenant_id', 'message_id', 'id'])
    op.create_index('ix_message_event_at', 'message_event', ['at'])
    op.execute(LIFE)
    op.execute(WHEN)
    op.create_table(
        'message_quote',
        _id(),
        sa.Column('message_id', sa.BigInteger(), nullable=False),
        sa.Column('quoted_sid', sa.Text(), nullable=False),
        _of('message_quote', 'message_id', 'message'),
        sa.UniqueConstraint('tenant_id', 'message_id', name=op.f('uq_message_quote_tenant_id_message_id')),
        *_of_a_tenant('message_quote'),
    )
    op.create_table(
        'note_mention',
        _id(),
        sa.Column('note_id', sa.BigInteger(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        _of('note_mention', 'note_id', 'note'),
        _of('note_mention', 'user_id', 'user'),
        sa.UniqueConstraint('tenant_id', 'note_id', 'user_id', name=op.f('uq_note_mention_tenant_id_note_id_user_id')),
        *_of_a_tenant('note_mention'),
    )
    _notices()
    _appointments()


def _notices():
    op.create_table(
        'user_notice',
        _id(),
        sa.Column('recipient_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('note_id', sa.BigInteger(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('email_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('rule_id', sa.BigInteger(), nullable=True),
        sa.Column('rule_name', sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('mention', 'assigned', 'asked')", name=op.f('ck_user_notice_kind_known')),
        _of('user_notice', 'recipient_id', 'user'),
        _of('user_notice', 'customer_id', 'customer'),
        _of('user_notice', 'note_id', 'note'),
        _of('user_notice', 'user_id', 'user', 'SET NULL (user_id)'),
        _of('user_notice', 'rule_id', 'automation_rule', 'SET NULL (rule_id)'),
        *_of_a_tenant('user_notice'),
    )
    unread = sa.text('read_at IS NULL')
    op.create_index('ix_user_notice_list', 'user_notice', ['tenant_id', 'recipient_id', 'at', 'id'])
    op.create_index('ix_user_notice_at', 'user_notice', ['at'])
    op.create_index('ix_user_notice_email', 'user_notice', ['email_at'], postgresql_where=sa.text('email_at IS NOT NULL'))
    op.create_index('ix_user_notice_unread', 'user_notice', ['tenant_id', 'recipient_id'], postgresql_where=unread)
    op.create_index('uq_user_notice_unread', 'user_notice', ['tenant_id', 'recipient_id', 'customer_id', 'kind'], unique=True, postgresql_where=sa.text('read_at IS NULL AND note_id IS NULL'))


def _appointments():
    op.add_column('conversation_event', sa.Column('appointment_id', sa.Integer(), nullable=True))
    op.add_column('conversation_event', sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('conversation_event', sa.Column('was_at', sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f('fk_conversation_event_tenant_id_appointment_id'), 'conversation_event', 'appointment', ['tenant_id', 'appointment_id'], ['tenant_id', 'id'], ondelete='SET NULL (appointment_id)')
    op.create_index('ix_conversation_event_appointment', 'conversation_event', ['tenant_id', 'appointment_id'], postgresql_where=sa.text('appointment_id IS NOT NULL'))
    op.drop_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', type_='check')
    op.create_check_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', KINDS)


def _id():
    return sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _of(table, column, other, ondelete='CASCADE'):
    return sa.ForeignKeyConstraint(['tenant_id', column], [f'{other}.tenant_id', f'{other}.id'], name=op.f(f'fk_{table}_tenant_id_{column}'), ondelete=ondelete)


def _of_a_tenant(table):
    return (
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f(f'fk_{table}_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f(f'uq_{table}_tenant_id_id')),
    )


def downgrade():
    op.execute("DELETE FROM conversation_event WHERE kind IN ('booked', 'moved', 'confirmed', 'cancelled', 'completed', 'no_show', 'reopened')")
    op.drop_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', type_='check')
    op.create_check_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', f'{BEFORE})')
    for name in ('was_at', 'starts_at', 'appointment_id'):
        op.drop_column('conversation_event', name)
    op.execute('DROP TRIGGER message_life ON message')
    op.execute('DROP FUNCTION write_message_life')
    for table in ('user_notice', 'note_mention', 'message_quote', 'message_event'):
        op.drop_table(table)

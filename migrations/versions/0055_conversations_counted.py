"""conversations counted

How many conversations there are of each kind is kept by triggers, whoever changes them: no page counts
rows. A conversation knows whether a message to it did not arrive, and who wrote what it shows. What
went out by itself is told apart from what somebody wrote. That nobody need answer can be said of it. A
list is kept under a name.

Revision ID: 0055
Revises: 0054
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0055'
down_revision = '0054'
branch_labels = None
depends_on = None

LOST = "({row}.status IN ('failed', 'unknown') AND NOT {row}.dealt_with)"
# As Conversation.state has it, at the time of the last change or of its waking.
KIND = """
    CASE WHEN talk.waiting_since IS NOT NULL THEN 'open' WHEN talk.closed_at IS NOT NULL THEN 'closed'
        WHEN talk.snoozed_until IS NOT NULL THEN 'snoozed' ELSE 'open' END,
    talk.waiting_since IS NOT NULL, talk.unread_count > 0, talk.failed, talk.assignee_id, talk.last_channel
"""
COLUMNS = 'tenant_id, label_id, state, waiting, unread, failed, assignee_id, channel, conversations'
OF_A_TALK = (
    'tenant_id', 'customer_id', 'waiting_since', 'closed_at', 'snoozed_until', 'unread_count', 'failed',
    'assignee_id', 'last_channel',
)

# Of a business that is being deleted nothing is counted. In a deletion that reaches both, either
# trigger sees what the other has not counted yet: so both come before it.
COUNT = f"""
CREATE FUNCTION count_conversation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO conversation_count ({COLUMNS})
    SELECT talk.tenant_id, mark.label_id, {KIND}, talk.change
    FROM (VALUES
        ({', '.join(f'OLD.{name}' for name in OF_A_TALK)}, -1),
        ({', '.join(f'NEW.{name}' for name in OF_A_TALK)}, 1)
    ) talk ({', '.join(OF_A_TALK)}, change)
    CROSS JOIN LATERAL (
        SELECT NULL::integer AS label_id
        UNION ALL
        SELECT label_id FROM conversation_label
        WHERE tenant_id = talk.tenant_id AND customer_id = talk.customer_id
    ) mark
    WHERE EXISTS (SELECT FROM tenant WHERE id = talk.tenant_id);
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$
"""
# Whoever labels holds the conversation, or, where there is none, the customer: so that one that is
# changed or begun at the same time is counted with the label, by the one or the other.
COUNT_LABELLED = f"""
CREATE FUNCTION count_labelled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mark conversation_label;
    change integer := 1;
BEGIN
    IF TG_OP = 'DELETE' THEN mark := OLD; change := -1; ELSE mark := NEW; END IF;
    PERFORM FROM conversation
    WHERE tenant_id = mark.tenant_id AND customer_id = mark.customer_id FOR NO KEY UPDATE;
    IF NOT FOUND AND TG_OP = 'INSERT' THEN
        PERFORM FROM customer WHERE tenant_id = mark.tenant_id AND id = mark.customer_id FOR UPDATE;
    END IF;
    INSERT INTO conversation_count ({COLUMNS})
    SELECT talk.tenant_id, mark.label_id, {KIND}, change FROM conversation talk
    WHERE talk.tenant_id = mark.tenant_id AND talk.customer_id = mark.customer_id
        AND EXISTS (SELECT FROM tenant WHERE id = talk.tenant_id);
    RETURN mark;
END $$
"""
# The row is held before the messages are looked at: of two at once the second sees what the first did.
NOTE_FAILURE = f"""
CREATE FUNCTION note_failure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM conversation
    WHERE tenant_id = NEW.tenant_id AND customer_id = NEW.customer_id FOR NO KEY UPDATE;
    UPDATE conversation SET failed = NOT failed
    WHERE tenant_id = NEW.tenant_id AND customer_id = NEW.customer_id AND failed <> EXISTS (
        SELECT FROM message
        WHERE tenant_id = NEW.tenant_id AND customer_id = NEW.customer_id AND {LOST.format(row='message')}
    );
    RETURN NULL;
END $$
"""
CHANGES = ' OR '.join((
    '(OLD.waiting_since IS NULL) <> (NEW.waiting_since IS NULL)',
    '(OLD.closed_at IS NULL) <> (NEW.closed_at IS NULL)',
    '(OLD.snoozed_until IS NULL) <> (NEW.snoozed_until IS NULL)',
    '(OLD.unread_count > 0) <> (NEW.unread_count > 0)',
    'OLD.failed <> NEW.failed',
    'OLD.assignee_id IS DISTINCT FROM NEW.assignee_id',
    'OLD.last_channel <> NEW.last_channel',
))
TRIGGERS = f"""
CREATE TRIGGER count_new AFTER INSERT ON conversation
    FOR EACH ROW EXECUTE FUNCTION count_conversation();
CREATE TRIGGER count_change AFTER UPDATE ON conversation
    FOR EACH ROW WHEN ({CHANGES}) EXECUTE FUNCTION count_conversation();
CREATE TRIGGER count_gone BEFORE DELETE ON conversation
    FOR EACH ROW EXECUTE FUNCTION count_conversation();
CREATE TRIGGER count_labelled AFTER INSERT ON conversation_label
    FOR EACH ROW EXECUTE FUNCTION count_labelled();
CREATE TRIGGER count_unlabelled BEFORE DELETE ON conversation_label
    FOR EACH ROW EXECUTE FUNCTION count_labelled();
CREATE TRIGGER note_new_failure AFTER INSERT ON message
    FOR EACH ROW WHEN ({LOST.format(row='NEW')}) EXECUTE FUNCTION note_failure();
CREATE TRIGGER note_failure AFTER UPDATE OF status, dealt_with ON message
    FOR EACH ROW WHEN ({LOST.format(row='OLD')} <> {LOST.format(row='NEW')})
    EXECUTE FUNCTION note_failure()
"""
WHAT_THERE_IS = f"""
INSERT INTO conversation_count ({COLUMNS}, summed)
SELECT talk.tenant_id, mark.label_id, {KIND}, count(*), true
FROM conversation talk CROSS JOIN LATERAL (
    SELECT NULL::integer AS label_id
    UNION ALL
    SELECT label_id FROM conversation_label
    WHERE tenant_id = talk.tenant_id AND customer_id = talk.customer_id
) mark
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
WHO_WROTE = """
UPDATE conversation SET last_author_id = author_id,
    last_direction = CASE WHEN author_id IS NULL THEN 'automatic' ELSE 'outbound' END
FROM message
WHERE last_direction = 'outbound' AND message.id = last_message_id
    AND message.tenant_id = conversation.tenant_id
"""
WHO_FAILED = f"""
UPDATE conversation SET failed = true
WHERE (tenant_id, customer_id) IN (SELECT tenant_id, customer_id FROM message WHERE {LOST.format(row='message')})
"""
KINDS = "kind IN ('closed', {more}'opened', 'snoozed', 'woke', 'assigned', 'unassigned', 'label_added', 'label_removed')"


def upgrade():
    _kinds("'finished', ")
    op.add_column('conversation', sa.Column('last_author_id', sa.Integer(), nullable=True))
    op.add_column('conversation', sa.Column('failed', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.create_foreign_key(op.f('fk_conversation_tenant_id_last_author_id'), 'conversation', 'user', ['tenant_id', 'last_author_id'], ['tenant_id', 'id'], ondelete='SET NULL (last_author_id)')
    op.execute(WHO_WROTE)
    op.execute(WHO_FAILED)
    op.create_index('ix_conversation_last_author', 'conversation', ['tenant_id', 'last_author_id'], postgresql_where=sa.text('last_author_id IS NOT NULL'))
    op.create_index('ix_conversation_failed', 'conversation', ['tenant_id', 'last_message_at', 'id'], postgresql_where=sa.text('failed'))
    op.create_table(
        'conversation_count',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('label_id', sa.Integer(), nullable=True),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('waiting', sa.Boolean(), nullable=False),
        sa.Column('unread', sa.Boolean(), nullable=False),
        sa.Column('failed', sa.Boolean(), nullable=False),
        sa.Column('assignee_id', sa.Integer(), nullable=True),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('conversations', sa.Integer(), nullable=False),
        sa.Column('summed', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_conversation_count_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation_count')),
    )
    op.create_index('ix_conversation_count_tenant', 'conversation_count', ['tenant_id'])
    op.create_index('ix_conversation_count_to_sum', 'conversation_count', ['tenant_id'], postgresql_where=sa.text('NOT summed'))
    for statement in (COUNT, COUNT_LABELLED, NOTE_FAILURE, *TRIGGERS.split(';'), WHAT_THERE_IS):
        op.execute(statement)
    _saved_view()


def _saved_view():
    op.create_table(
        'saved_view',
        sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('shared', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('address', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_saved_view_tenant_id_user_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_saved_view_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_saved_view_tenant_id_id')),
    )
    op.create_index('ix_saved_view_user', 'saved_view', ['tenant_id', 'user_id'])


def _kinds(more):
    op.drop_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', type_='check')
    op.create_check_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', KINDS.format(more=more))


def downgrade():
    op.execute("DELETE FROM conversation_event WHERE kind = 'finished'")
    _kinds('')
    for table, names in {
        'conversation': ('count_new', 'count_change', 'count_gone'),
        'conversation_label': ('count_labelled', 'count_unlabelled'),
        'message': ('note_new_failure', 'note_failure'),
    }.items():
        for name in names:
            op.execute(f'DROP TRIGGER {name} ON {table}')
    for name in ('count_conversation', 'count_labelled', 'note_failure'):
        op.execute(f'DROP FUNCTION {name}()')
    op.drop_table('saved_view')
    op.drop_table('conversation_count')
    op.drop_index('ix_conversation_failed', table_name='conversation')
    op.drop_index('ix_conversation_last_author', table_name='conversation')
    op.drop_constraint(op.f('fk_conversation_tenant_id_last_author_id'), 'conversation', type_='foreignkey')
    op.execute("UPDATE conversation SET last_direction = 'outbound' WHERE last_direction = 'automatic'")
    op.drop_column('conversation', 'failed')
    op.drop_column('conversation', 'last_author_id')

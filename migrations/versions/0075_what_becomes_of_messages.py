"""what becomes of messages

Edits, reactions and what was taken back, by the carrier's id of the message; events over which our
own code broke; and that an ad or a link led a customer here.

Revision ID: 0075
Revises: 0074
"""
from alembic import op
import sqlalchemy as sa

revision = '0075'
down_revision = '0074'
branch_labels = None
depends_on = None


# As 0074 has it.
KINDS = (
    "kind IN ('closed', 'finished', 'opened', 'snoozed', 'woke', 'assigned', 'unassigned',"
    " 'label_added', 'label_removed', 'booked', 'moved', 'confirmed', 'cancelled',"
    " 'completed', 'no_show', 'reopened', 'tapped'{more})"
)


def upgrade():
    for name, columns, unique in (
        (
            'message_revision',
            [
                sa.Column('sid', sa.Text(), nullable=False),
                sa.Column('number', sa.Integer(), nullable=False),
                sa.Column('body', sa.Text(), nullable=False),
                sa.Column('at', sa.DateTime(timezone=True), nullable=False),
                sa.CheckConstraint('number >= -1', name=op.f('ck_message_revision_number_known')),
            ],
            ('sid', 'number'),
        ),
        (
            'message_reaction',
            [
                sa.Column('sid', sa.Text(), nullable=False),
                sa.Column('address', sa.Text(), nullable=False),
                sa.Column('emoji', sa.Text(), nullable=False),
                sa.Column('at', sa.DateTime(timezone=True), nullable=False),
            ],
            ('sid', 'address'),
        ),
        (
            'kept_event',
            [
                sa.Column('key', sa.Text(), nullable=False),
                sa.Column('channel', sa.Text(), nullable=False),
                sa.Column('account', sa.Text(), nullable=False),
                sa.Column('said', sa.Text(), nullable=False),
                sa.Column('standby', sa.Boolean(), nullable=False),
                sa.Column('came_at', sa.DateTime(timezone=True), nullable=False),
                sa.Column('try_at', sa.DateTime(timezone=True), nullable=True),
            ],
            ('key',),
        ),
    ):
        op.create_table(
            name,
            sa.Column('tenant_id', sa.Integer(), nullable=False),
            sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f(f'fk_{name}_tenant_id'), ondelete='CASCADE'),
            sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f(f'pk_{name}')),
            sa.UniqueConstraint('tenant_id', *unique, name=op.f(f"uq_{name}_tenant_id_{'_'.join(unique)}")),
        )
    op.create_index(op.f('ix_kept_event_try_at'), 'kept_event', ['try_at'])
    _kinds(", 'came_by'")
    op.add_column('channel_thread', sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_channel_thread_to_ask', 'channel_thread', ['id'], postgresql_where=sa.text('asked_at IS NULL'))


def _kinds(more):
    op.drop_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', type_='check')
    op.create_check_constraint(op.f('ck_conversation_event_kind_known'), 'conversation_event', KINDS.format(more=more))


def downgrade():
    op.execute("DELETE FROM conversation_event WHERE kind = 'came_by'")
    _kinds('')
    op.drop_index('ix_channel_thread_to_ask', 'channel_thread')
    op.drop_column('channel_thread', 'asked_at')
    for name in ('kept_event', 'message_reaction', 'message_revision'):
        op.drop_table(name)

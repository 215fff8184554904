"""Answers to reminders, and which of them wait for a person

Revision ID: 0019
Revises: 0018
"""
from alembic import op
import sqlalchemy as sa

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'reply',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('message_id', sa.BigInteger(), nullable=False),
        sa.Column('notification_id', sa.BigInteger(), nullable=True),
        sa.Column('appointment_id', sa.Integer(), nullable=True),
        sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('answer', sa.Text(), nullable=False),
        sa.Column('outcome', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), server_default='', nullable=False),
        sa.Column('answered', sa.Boolean(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("answer IN ('confirm', 'cancel', 'late', 'unclear', 'none')", name=op.f('ck_reply_answer_known')),
        sa.CheckConstraint("outcome IN ('confirmed', 'cancelled', 'to_staff', 'nothing')", name=op.f('ck_reply_outcome_known')),
        sa.ForeignKeyConstraint(['tenant_id', 'appointment_id'], ['appointment.tenant_id', 'appointment.id'], name=op.f('fk_reply_tenant_id_appointment_id'), ondelete='SET NULL (appointment_id)'),
        sa.ForeignKeyConstraint(['tenant_id', 'message_id'], ['message.tenant_id', 'message.id'], name=op.f('fk_reply_tenant_id_message_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'notification_id'], ['notification.tenant_id', 'notification.id'], name=op.f('fk_reply_tenant_id_notification_id'), ondelete='SET NULL (notification_id)'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_reply_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reply')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_reply_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'message_id', name=op.f('uq_reply_tenant_id_message_id')),
    )
    with op.batch_alter_table('reply', schema=None) as batch_op:
        batch_op.create_index('ix_reply_appointment', ['tenant_id', 'appointment_id'], unique=False, postgresql_where=sa.text('appointment_id IS NOT NULL'))
        batch_op.create_index('ix_reply_notification', ['tenant_id', 'notification_id'], unique=False, postgresql_where=sa.text('notification_id IS NOT NULL'))

    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('open_reply_id', sa.BigInteger(), nullable=True))
        batch_op.create_index('ix_conversation_open_reply', ['tenant_id', 'open_reply_id'], unique=False, postgresql_where=sa.text('open_reply_id IS NOT NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_conversation_tenant_id_open_reply_id'), 'reply', ['tenant_id', 'open_reply_id'], ['tenant_id', 'id'], ondelete='SET NULL (open_reply_id)')

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_heard', ['created_at'], unique=False, postgresql_where=sa.text("direction = 'inbound'"))



def downgrade():
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_heard', postgresql_where=sa.text("direction = 'inbound'"))

    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_conversation_tenant_id_open_reply_id'), type_='foreignkey')
        batch_op.drop_index('ix_conversation_open_reply', postgresql_where=sa.text('open_reply_id IS NOT NULL'))
        batch_op.drop_column('open_reply_id')

    with op.batch_alter_table('reply', schema=None) as batch_op:
        batch_op.drop_index('ix_reply_notification', postgresql_where=sa.text('notification_id IS NOT NULL'))
        batch_op.drop_index('ix_reply_appointment', postgresql_where=sa.text('appointment_id IS NOT NULL'))

    op.drop_table('reply')

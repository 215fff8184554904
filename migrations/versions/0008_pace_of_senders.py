"""pace of senders

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-22 21:07:19.198679

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('sender_pace',
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('sender', sa.Text(), nullable=False),
    sa.Column('segments_a_second', sa.Double(), nullable=False),
    sa.Column('free_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('segments_a_second > 0', name=op.f('ck_sender_pace_it_moves')),
    sa.PrimaryKeyConstraint('channel', 'sender', name=op.f('pk_sender_pace'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('segments', sa.Integer(), server_default='1', nullable=False))
        batch_op.create_index('ix_message_line', ['channel', 'sender', sa.literal_column('(author_id IS NULL)'), 'send_after', 'id'], unique=False, postgresql_where=sa.text("status = 'queued'"))

    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sms_pace', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('whatsapp_pace', sa.Double(), nullable=True))
        batch_op.create_check_constraint(op.f('ck_tenant_pace_moves'), 'sms_pace > 0 AND whatsapp_pace > 0')



def downgrade():
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_tenant_pace_moves'), type_='check')
        batch_op.drop_column('whatsapp_pace')
        batch_op.drop_column('sms_pace')

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_line', postgresql_where=sa.text("status = 'queued'"))
        batch_op.drop_column('segments')

    op.drop_table('sender_pace')

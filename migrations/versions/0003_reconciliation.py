"""reconciliation

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-22 18:05:00

"""
from alembic import op
import sqlalchemy as sa


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

IN_FLIGHT = sa.text("status IN ('sending', 'checking')")
SENDING = sa.text("status = 'sending'")


def upgrade():
    # PostgreSQL lets nobody use a new value of an enum before it is committed.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE message_status ADD VALUE IF NOT EXISTS 'checking' BEFORE 'accepted'")
    op.add_column('message', sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('message', sa.Column('checks', sa.Integer(), server_default='0', nullable=False))
    op.drop_index('ix_message_leased', table_name='message')
    op.create_index('ix_message_leased', 'message', ['lease_until'], postgresql_where=IN_FLIGHT)
    op.create_index(
        'uq_message_in_flight',
        'message',
        ['tenant_id', 'channel', 'sender', 'recipient', sa.literal_column('md5(body)')],
        unique=True,
        postgresql_where=IN_FLIGHT,
    )
    op.create_index(
        'ix_message_waiting',
        'message',
        ['tenant_id', 'recipient'],
        postgresql_where=sa.text("status = 'queued'"),
    )


def downgrade():
    # The value stays in the enum, where nobody uses it: PostgreSQL takes none away.
    op.execute("UPDATE message SET status = 'unknown' WHERE status = 'checking'")
    op.drop_index('ix_message_waiting', table_name='message')
    op.drop_index('uq_message_in_flight', table_name='message')
    op.drop_index('ix_message_leased', table_name='message')
    op.create_index('ix_message_leased', 'message', ['lease_until'], postgresql_where=SENDING)
    op.drop_column('message', 'checks')
    op.drop_column('message', 'attempted_at')

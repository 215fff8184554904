"""follow ups

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-22 23:37:57.324478

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.create_index('ix_call_customer', ['tenant_id', 'customer_id', 'started_at'], unique=False)
        batch_op.create_index('ix_call_missed', ['missed_at'], unique=False, postgresql_where=sa.text('missed_at IS NOT NULL AND reachable'))

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_undelivered', ['not_after'], unique=False, postgresql_where=sa.text("status = 'failed' AND not_after IS NOT NULL"))


def downgrade():
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_undelivered', postgresql_where=sa.text("status = 'failed' AND not_after IS NOT NULL"))

    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.drop_index('ix_call_missed', postgresql_where=sa.text('missed_at IS NOT NULL AND reachable'))
        batch_op.drop_index('ix_call_customer')


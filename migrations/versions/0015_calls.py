"""calls

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-22 22:57:32.055717

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.add_column(sa.Column('missed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reachable', sa.Boolean(), server_default=sa.text('true'), nullable=False))
        batch_op.drop_constraint(op.f('ck_call_outcome_known'), type_='check')
        batch_op.create_check_constraint(op.f('ck_call_outcome_known'), "outcome IN ('ringing', 'answered', 'missed')")
        batch_op.create_check_constraint(op.f('ck_call_missed_when_missed'), "missed_at IS NULL OR outcome = 'missed'")
    op.execute("UPDATE call SET missed_at = started_at WHERE outcome = 'missed'")
    op.execute(r"UPDATE call SET reachable = false WHERE caller !~ '^\+[1-9]\d{6,14}$'")
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('screen_calls', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade():
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.drop_column('screen_calls')
    op.execute("UPDATE call SET outcome = 'missed' WHERE outcome = 'ringing'")
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_call_missed_when_missed'), type_='check')
        batch_op.drop_constraint(op.f('ck_call_outcome_known'), type_='check')
        batch_op.create_check_constraint(op.f('ck_call_outcome_known'), "outcome IN ('answered', 'missed')")
        batch_op.drop_column('reachable')
        batch_op.drop_column('missed_at')

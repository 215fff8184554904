"""lost calls

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-23 02:25:26.004293

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


KNOWN = 'ck_call_outcome_known'


def upgrade():
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ask_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_call_ringing', ['started_at'], unique=False, postgresql_where=sa.text("outcome = 'ringing'"))
        batch_op.drop_constraint(op.f(KNOWN), type_='check')
        batch_op.create_check_constraint(op.f(KNOWN), "outcome IN ('ringing', 'unknown', 'missed', 'answered')")


def downgrade():
    # Before there was a word for it, such a call rang for ever.
    op.execute("UPDATE call SET outcome = 'ringing' WHERE outcome = 'unknown'")
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.drop_constraint(op.f(KNOWN), type_='check')
        batch_op.create_check_constraint(op.f(KNOWN), "outcome IN ('ringing', 'answered', 'missed')")
        batch_op.drop_index('ix_call_ringing', postgresql_where=sa.text("outcome = 'ringing'"))
        batch_op.drop_column('ask_at')

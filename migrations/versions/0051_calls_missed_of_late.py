"""calls missed of late

An index for those who tell of calls that nobody took, reachable or not.

Revision ID: 0051
Revises: 0050
"""
from alembic import op
import sqlalchemy as sa

revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index('ix_call_told', 'call', ['missed_at'], postgresql_where=sa.text('missed_at IS NOT NULL'))


def downgrade():
    op.drop_index('ix_call_told', table_name='call')

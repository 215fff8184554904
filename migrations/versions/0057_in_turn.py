"""in turn

What waits and is nobody's goes in turn to those who are there, where a business wants that.

Revision ID: 0057
Revises: 0056
"""
from alembic import op
import sqlalchemy as sa

revision = '0057'
down_revision = '0056'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('tenant', sa.Column('assigns_in_turn', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('user', sa.Column('turn_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column('user', 'turn_at')
    op.drop_column('tenant', 'assigns_in_turn')

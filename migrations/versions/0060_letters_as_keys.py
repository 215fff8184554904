"""letters as keys

Each person can turn the keyboard shortcuts of single letters off.

Revision ID: 0060
Revises: 0059
"""
from alembic import op
import sqlalchemy as sa

revision = '0060'
down_revision = '0059'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('user', sa.Column('hotkeys', sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade():
    op.drop_column('user', 'hotkeys')

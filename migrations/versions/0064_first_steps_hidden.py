"""first steps hidden

That a business need not be shown how to begin.

Revision ID: 0064
Revises: 0063
"""
from alembic import op
import sqlalchemy as sa

revision = '0064'
down_revision = '0063'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('tenant', sa.Column('first_steps_hidden', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade():
    op.drop_column('tenant', 'first_steps_hidden')

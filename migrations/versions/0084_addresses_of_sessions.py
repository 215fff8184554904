"""addresses of sessions

From which address a session began; NULL: it is older than this.

Revision ID: 0084
Revises: 0083
"""
from alembic import op
import sqlalchemy as sa

revision = '0084'
down_revision = '0083'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('user_session', sa.Column('address', sa.Text(), nullable=True))


def downgrade():
    op.drop_column('user_session', 'address')

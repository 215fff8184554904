"""evidence of consent

When somebody said elsewhere that they want messages, or none, and by what that is known: a file tells it.

Revision ID: 0091
Revises: 0090
"""
from alembic import op
import sqlalchemy as sa

revision = '0091'
down_revision = '0090'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('consent_event', sa.Column('given_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('consent_event', sa.Column('evidence', sa.Text(), server_default='', nullable=False))


def downgrade():
    op.drop_column('consent_event', 'evidence')
    op.drop_column('consent_event', 'given_at')

"""what customers know of their appointments, and what they are to be told

Revision ID: 0035
Revises: 0034

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None

KNOWN = ('known_start', 'known_at', 'tell_at')


def upgrade():
    for name in KNOWN:
        op.add_column('appointment', sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column('appointment_import', sa.Column('tell', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade():
    op.drop_column('appointment_import', 'tell')
    for name in reversed(KNOWN):
        op.drop_column('appointment', name)

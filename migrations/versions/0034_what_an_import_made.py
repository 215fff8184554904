"""what an import made

Revision ID: 0034
Revises: 0033

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('appointment_import', sa.Column('made', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))


def downgrade():
    op.drop_column('appointment_import', 'made')

"""accounts that vouch

Revision ID: 0025
Revises: 0024

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade():
    # NULL for what is there: nobody knows any more which account vouched for it.
    op.add_column('call', sa.Column('account_sid', sa.Text(), nullable=True))


def downgrade():
    op.drop_column('call', 'account_sid')

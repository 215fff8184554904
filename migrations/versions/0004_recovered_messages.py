"""recovered messages

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-22 18:07:10.540481

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('recovered', sa.Boolean(), server_default=sa.text('false'), nullable=False))



def downgrade():
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_column('recovered')


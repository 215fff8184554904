"""plain characters

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-22 18:17:18.159302

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('plain_characters', sa.Boolean(), server_default=sa.text('true'), nullable=False))



def downgrade():
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.drop_column('plain_characters')


"""short links

Revision ID: 0036
Revises: 0035

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('notification', sa.Column('link', sa.Text(), nullable=True))
    op.create_index('uq_notification_link', 'notification', ['link'], unique=True, postgresql_where=sa.text('link IS NOT NULL'))


def downgrade():
    op.drop_index('uq_notification_link', table_name='notification')
    op.drop_column('notification', 'link')

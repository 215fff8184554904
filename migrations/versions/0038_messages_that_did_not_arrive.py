"""messages that did not arrive

Revision ID: 0038
Revises: 0037

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

OPEN = sa.text("status IN ('failed', 'unknown') AND NOT dealt_with")


def upgrade():
    op.add_column('message', sa.Column('dealt_with', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    # What failed before anybody was told waits for nobody.
    op.execute("UPDATE message SET dealt_with = true WHERE status IN ('failed', 'unknown')")
    op.create_index('ix_message_not_arrived', 'message', ['tenant_id', 'customer_id', 'id'], postgresql_where=OPEN)


def downgrade():
    op.drop_index('ix_message_not_arrived', table_name='message')
    op.drop_column('message', 'dealt_with')

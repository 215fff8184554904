"""reply addresses

Revision ID: 0030
Revises: 0029

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

STATES = "reply_to_link IN ('due', 'sending', 'sent', 'unsure', 'refused')"


def upgrade():
    # What stands in reply_to already stays confirmed.
    op.add_column('tenant', sa.Column('reply_to_wanted', sa.Text(), nullable=True))
    op.add_column('tenant', sa.Column('reply_to_asked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('tenant', sa.Column('reply_to_link_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('tenant', sa.Column('reply_to_link', sa.Text(), nullable=True))
    op.create_check_constraint(op.f('ck_tenant_reply_to_link_known'), 'tenant', STATES)


def downgrade():
    op.drop_constraint(op.f('ck_tenant_reply_to_link_known'), 'tenant', type_='check')
    for column in ('link', 'link_at', 'asked_at', 'wanted'):
        op.drop_column('tenant', f'reply_to_{column}')

"""templates that WhatsApp refuses

What WhatsApp said of a template when it was asked last, where it takes nothing made from it: such a
one stands in for no text.

Revision ID: 0071
Revises: 0070
"""
from alembic import op
import sqlalchemy as sa

revision = '0071'
down_revision = '0070'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('whatsapp_template', sa.Column('refused', sa.Text(), server_default='', nullable=False))


def downgrade():
    op.drop_column('whatsapp_template', 'refused')

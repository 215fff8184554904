"""templates of Messenger

Approved templates of another channel than WhatsApp: Meta knows them by name and language.

Revision ID: 0076
Revises: 0075
"""
from alembic import op
import sqlalchemy as sa

revision = '0076'
down_revision = '0075'
branch_labels = None
depends_on = None

TWILIOS = "content_sid ~ '^HX[0-9a-f]{32}$'"


def _form(which):
    op.drop_constraint(op.f('ck_whatsapp_template_content_sid_form'), 'whatsapp_template', type_='check')
    op.create_check_constraint(op.f('ck_whatsapp_template_content_sid_form'), 'whatsapp_template', which)


def upgrade():
    op.add_column('whatsapp_template', sa.Column('channel', sa.Text(), server_default='whatsapp', nullable=False))
    _form(f"channel <> 'whatsapp' OR {TWILIOS}")


def downgrade():
    op.execute("UPDATE message_template SET approved_id = NULL, gaps = '{}' WHERE channel <> 'whatsapp'")
    op.execute("DELETE FROM whatsapp_template WHERE channel <> 'whatsapp'")
    _form(TWILIOS)
    op.drop_column('whatsapp_template', 'channel')

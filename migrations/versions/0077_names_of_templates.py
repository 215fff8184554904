"""names of templates

A template of Messenger may have the name of one of WhatsApp.

Revision ID: 0077
Revises: 0076
"""
from alembic import op

revision = '0077'
down_revision = '0076'
branch_labels = None
depends_on = None

OF_ALL = op.f('uq_whatsapp_template_tenant_id_name_language')
OF_A_CHANNEL = op.f('uq_whatsapp_template_tenant_id_channel_name_language')


def upgrade():
    op.create_unique_constraint(OF_A_CHANNEL, 'whatsapp_template', ['tenant_id', 'channel', 'name', 'language'])
    op.drop_constraint(OF_ALL, 'whatsapp_template', type_='unique')


def downgrade():
    op.execute("UPDATE whatsapp_template SET name = name || ' (' || channel || ')' WHERE channel <> 'whatsapp'")
    op.create_unique_constraint(OF_ALL, 'whatsapp_template', ['tenant_id', 'name', 'language'])
    op.drop_constraint(OF_A_CHANNEL, 'whatsapp_template', type_='unique')

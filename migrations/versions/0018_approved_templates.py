"""What stands in for a tenant's text outside WhatsApp's 24 hours

Revision ID: 0018
Revises: 0017
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('message_template', sa.Column('approved_id', sa.Integer(), nullable=True))
    op.add_column(
        'message_template', sa.Column('gaps', postgresql.JSONB(), server_default='{}', nullable=False)
    )
    op.create_foreign_key(
        op.f('fk_message_template_tenant_id_approved_id'), 'message_template', 'whatsapp_template',
        ['tenant_id', 'approved_id'], ['tenant_id', 'id'], ondelete='SET NULL (approved_id)',
    )


def downgrade():
    op.drop_constraint(op.f('fk_message_template_tenant_id_approved_id'), 'message_template', type_='foreignkey')
    op.drop_column('message_template', 'gaps')
    op.drop_column('message_template', 'approved_id')

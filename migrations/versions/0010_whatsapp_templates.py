"""whatsapp templates

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-22 21:12:40.118205

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('whatsapp_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('content_sid', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("content_sid ~ '^HX[0-9a-f]{32}$'", name=op.f('ck_whatsapp_template_content_sid_form')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_whatsapp_template_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_whatsapp_template')),
    sa.UniqueConstraint('tenant_id', 'content_sid', name=op.f('uq_whatsapp_template_tenant_id_content_sid')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_whatsapp_template_tenant_id_id')),
    sa.UniqueConstraint('tenant_id', 'name', 'language', name=op.f('uq_whatsapp_template_tenant_id_name_language'))
    )
    op.add_column('message', sa.Column('content_sid', sa.Text(), nullable=True))
    op.add_column('message', sa.Column('content_variables', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True))
    op.add_column('message', sa.Column('fell_back_from', sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f('ck_message_content_whole'), 'message', '(content_sid IS NULL) = (content_variables IS NULL)'
    )
    op.add_column(
        'tenant', sa.Column('whatsapp_falls_back', sa.Boolean(), server_default=sa.text('false'), nullable=False)
    )


def downgrade():
    op.drop_column('tenant', 'whatsapp_falls_back')
    op.drop_constraint(op.f('ck_message_content_whole'), 'message')
    op.drop_column('message', 'fell_back_from')
    op.drop_column('message', 'content_variables')
    op.drop_column('message', 'content_sid')
    op.drop_table('whatsapp_template')

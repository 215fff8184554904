"""missed calls and names of files

Revision ID: 0039
Revises: 0038

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('conversation', sa.Column('last_call_id', sa.Integer(), nullable=True))
    op.create_index('ix_conversation_last_call', 'conversation', ['tenant_id', 'last_call_id'], postgresql_where=sa.text('last_call_id IS NOT NULL'))
    op.create_foreign_key(op.f('fk_conversation_tenant_id_last_call_id'), 'conversation', 'call', ['tenant_id', 'last_call_id'], ['tenant_id', 'id'], ondelete='SET NULL (last_call_id)')
    op.add_column('media', sa.Column('name', sa.Text(), server_default='', nullable=False))


def downgrade():
    op.drop_column('media', 'name')
    op.drop_constraint(op.f('fk_conversation_tenant_id_last_call_id'), 'conversation', type_='foreignkey')
    op.drop_index('ix_conversation_last_call', table_name='conversation')
    op.drop_column('conversation', 'last_call_id')

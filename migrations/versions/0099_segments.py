"""segments

Customers under a name, by filters.

Revision ID: 0099
Revises: 0098
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0099'
down_revision = '0098'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'customer_segment',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('filters', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.CheckConstraint('char_length(name) BETWEEN 1 AND 60', name=op.f('ck_customer_segment_name_short')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_customer_segment_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_customer_segment')),
    )
    op.create_index('uq_customer_segment_name', 'customer_segment', ['tenant_id', sa.text('lower(name)')], unique=True)


def downgrade():
    op.drop_table('customer_segment')

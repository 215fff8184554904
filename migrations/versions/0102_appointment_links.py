"""links of appointments

Until when and how often customers move an appointment by its link, how often they have, and which
lines of a thread are their own doing.

Revision ID: 0102
Revises: 0101
"""
from alembic import op
import sqlalchemy as sa

revision = '0102'
down_revision = '0101'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('tenant', sa.Column('manage_hours', sa.Integer(), server_default='24', nullable=False))
    op.add_column('tenant', sa.Column('manage_moves', sa.Integer(), server_default='3', nullable=False))
    op.create_check_constraint(op.f('ck_tenant_manage_sensible'), 'tenant', 'manage_hours BETWEEN 0 AND 720 AND manage_moves BETWEEN 0 AND 20')
    op.add_column('appointment', sa.Column('customer_moves', sa.Integer(), server_default='0', nullable=False))
    op.add_column('conversation_event', sa.Column('by_customer', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade():
    op.drop_column('conversation_event', 'by_customer')
    op.drop_column('appointment', 'customer_moves')
    op.drop_constraint(op.f('ck_tenant_manage_sensible'), 'tenant', type_='check')
    op.drop_column('tenant', 'manage_moves')
    op.drop_column('tenant', 'manage_hours')

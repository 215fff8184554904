"""what a business has cost

Revision ID: 0033
Revises: 0032

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'spending',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('used', sa.Integer(), server_default='0', nullable=False),
        sa.Column('told', sa.Integer(), server_default='0', nullable=False),
        sa.CheckConstraint("kind IN ('segments', 'calls', 'strangers')", name=op.f('ck_spending_kind_known')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_spending_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'day', 'kind', name=op.f('pk_spending')),
    )
    op.create_index('ix_spending_day', 'spending', ['day'])


def downgrade():
    op.drop_table('spending')

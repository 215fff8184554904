"""messaging health

What each check found last: of a business, or of the platform, which has no tenant. And when a
business is looked at next.

Revision ID: 0042
Revises: 0041
"""
from alembic import op
import sqlalchemy as sa

revision = '0042'
down_revision = '0041'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('health_result',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=True),
    sa.Column('check', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('next_step', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('broken', 'warning', 'ok')", name=op.f('ck_health_result_state_known')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_health_result_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_health_result')),
    sa.UniqueConstraint('tenant_id', 'check', name=op.f('uq_health_result_tenant_id_check'), postgresql_nulls_not_distinct=True)
    )
    op.add_column('tenant', sa.Column('health_due_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False))


def downgrade():
    op.drop_column('tenant', 'health_due_at')
    op.drop_table('health_result')

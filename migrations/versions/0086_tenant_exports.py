"""tenant exports

A file of all that a business has, which a worker writes: how far it is, and until when it is there.

Revision ID: 0086
Revises: 0085
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0086'
down_revision = '0085'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'tenant_export',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('asked_by_id', sa.Integer(), nullable=True),
        sa.Column('asked_at', sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column('part', sa.Text(), server_default='', nullable=False),
        sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column('csv_bytes', sa.BigInteger(), server_default='0', nullable=False),
        sa.Column('lines_bytes', sa.BigInteger(), server_default='0', nullable=False),
        sa.Column('zip_bytes', sa.BigInteger(), server_default='0', nullable=False),
        sa.Column('done', sa.BigInteger(), server_default='0', nullable=False),
        sa.Column('total', sa.BigInteger(), server_default='0', nullable=False),
        sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
        sa.Column('faults', sa.Integer(), server_default='0', nullable=False),
        sa.Column('error', sa.Text(), server_default='', nullable=False),
        sa.Column('worked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('writing', 'ready', 'failed', 'ended')", name=op.f('ck_tenant_export_status_known')),
        sa.CheckConstraint("(status = 'ready') <= (ends_at IS NOT NULL)", name=op.f('ck_tenant_export_ready_ends')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_tenant_export_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'asked_by_id'],
            ['user.tenant_id', 'user.id'],
            name=op.f('fk_tenant_export_tenant_id_asked_by_id'),
            ondelete='SET NULL (asked_by_id)',
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_tenant_export')),
    )
    writing = sa.text("status = 'writing'")
    op.create_index('uq_tenant_export_under_way', 'tenant_export', ['tenant_id'], unique=True, postgresql_where=writing)
    op.create_index('ix_tenant_export_to_do', 'tenant_export', ['worked_at'], postgresql_where=writing)
    op.create_index('ix_tenant_export_ends', 'tenant_export', ['ends_at'], postgresql_where=sa.text("status = 'ready'"))


def downgrade():
    op.drop_table('tenant_export')

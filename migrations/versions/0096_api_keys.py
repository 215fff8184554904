"""API keys

By which a business's own program uses the API, and what was made by a request that may be repeated.

Revision ID: 0096
Revises: 0095
"""
from alembic import op
import sqlalchemy as sa

revision = '0096'
down_revision = '0095'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'api_key',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('prefix', sa.Text(), nullable=False),
        sa.Column('secret_hash', sa.Text(), nullable=False),
        sa.Column('scopes', sa.ARRAY(sa.Text()), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_api_key_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_api_key')),
        sa.UniqueConstraint('tenant_id', 'secret_hash', name=op.f('uq_api_key_tenant_id_secret_hash')),
    )
    op.create_table(
        'api_request',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('api_key_id', sa.BigInteger(), nullable=False),
        sa.Column('name_hash', sa.Text(), nullable=False),
        sa.Column('body_hash', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('made_id', sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_api_request_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'api_key_id'], ['api_key.tenant_id', 'api_key.id'], name=op.f('fk_api_request_tenant_id_api_key_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_api_request')),
        sa.UniqueConstraint('tenant_id', 'api_key_id', 'name_hash', name=op.f('uq_api_request_tenant_id_api_key_id_name_hash')),
    )
    op.create_index('ix_api_request_at', 'api_request', ['at'])


def downgrade():
    op.drop_table('api_request')
    op.drop_table('api_key')

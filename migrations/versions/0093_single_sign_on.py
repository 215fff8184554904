"""single sign-on

A business's own OpenID provider, and who its users are there. The sign-in page finds a provider by the domain of an
email.

Revision ID: 0093
Revises: 0092
"""
from alembic import op
import sqlalchemy as sa

revision = '0093'
down_revision = '0092'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'single_sign_on',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('issuer', sa.Text(), nullable=False),
        sa.Column('client_id', sa.Text(), nullable=False),
        sa.Column('client_secret_sealed', sa.Text(), nullable=True),
        sa.Column('enabled', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('required', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('second_factor_by', sa.Text(), server_default='us', nullable=False),
        sa.Column('makes_staff', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('domains', sa.ARRAY(sa.Text()), server_default='{}', nullable=False),
        sa.Column('worked_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.CheckConstraint("second_factor_by IN ('us', 'told', 'provider')", name=op.f('ck_single_sign_on_second_factor_by_known')),
        sa.CheckConstraint('enabled OR NOT required', name=op.f('ck_single_sign_on_required_when_enabled')),
        sa.CheckConstraint("NOT makes_staff OR domains <> '{}'", name=op.f('ck_single_sign_on_makes_staff_of_domains')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_single_sign_on_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', name=op.f('pk_single_sign_on')),
    )
    op.create_table(
        'provider_identity',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('issuer', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), nullable=False),
        sa.Column('bound_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_provider_identity_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_provider_identity_tenant_id_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_provider_identity')),
        sa.UniqueConstraint('tenant_id', 'issuer', 'subject', name=op.f('uq_provider_identity_tenant_id_issuer_subject')),
        sa.UniqueConstraint('tenant_id', 'user_id', 'issuer', name=op.f('uq_provider_identity_tenant_id_user_id_issuer')),
    )
    op.create_index('ix_user_email_domain', 'user', [sa.text("split_part(email, '@', 2)")])


def downgrade():
    op.drop_index('ix_user_email_domain', 'user')
    op.drop_table('provider_identity')
    op.drop_table('single_sign_on')

"""second factors

Somebody signs in with a code of an authenticator app as well, or with a recovery code; a business
may require that of all who sign in to it.

Revision ID: 0083
Revises: 0082
"""
from alembic import op
import sqlalchemy as sa

revision = '0083'
down_revision = '0082'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('user', sa.Column('totp_sealed', sa.Text(), nullable=True))
    op.add_column('user', sa.Column('totp_step', sa.BigInteger(), nullable=True))
    op.add_column('user', sa.Column('second_factor_since', sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        'tenant',
        sa.Column('second_factor_required', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    )
    op.create_table(
        'recovery_code',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=True),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('code_hash', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_recovery_code_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_recovery_code_tenant_id_user_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_recovery_code_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    )
    op.create_index('ix_recovery_code_user', 'recovery_code', ['user_id', 'code_hash'])


def downgrade():
    op.drop_table('recovery_code')
    op.drop_column('tenant', 'second_factor_required')
    for name in ('second_factor_since', 'totp_step', 'totp_sealed'):
        op.drop_column('user', name)

"""people are invited

Who is asked to sign in, links to new passwords, emails to those who are no users yet, and which
user a staff member is.

Revision ID: 0065
Revises: 0064
"""
from alembic import op
import sqlalchemy as sa

revision = '0065'
down_revision = '0064'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'user_invitation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('email', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), server_default='', nullable=False),
        sa.Column('role', sa.Text(), nullable=False),
        sa.Column('inviter_id', sa.Integer(), nullable=True),
        sa.Column('staff_member_id', sa.Integer(), nullable=True),
        sa.Column('takes_appointments', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('token_hash', sa.Text(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("role IN ('tenant_admin', 'staff')", name=op.f('ck_user_invitation_role_known')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_user_invitation_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'inviter_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_user_invitation_tenant_id_inviter_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'staff_member_id'], ['staff_member.tenant_id', 'staff_member.id'], name=op.f('fk_user_invitation_tenant_id_staff_member_id'), ondelete='SET NULL (staff_member_id)'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_user_invitation')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_user_invitation_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'email', name=op.f('uq_user_invitation_tenant_id_email')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_user_invitation_token_hash')),
    )
    op.create_table(
        'password_reset',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=True),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('email', sa.Text(), nullable=False),
        sa.Column('token_hash', sa.Text(), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_password_reset_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_password_reset_tenant_id_user_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_password_reset_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_password_reset')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_password_reset_token_hash')),
    )
    op.create_index('ix_password_reset_user', 'password_reset', ['user_id'])
    op.alter_column('user_email', 'user_id', existing_type=sa.Integer(), nullable=True)
    op.add_column('user_email', sa.Column('invitation_id', sa.Integer(), nullable=True))
    op.add_column('user_email', sa.Column('address', sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f('fk_user_email_tenant_id_invitation_id'), 'user_email', 'user_invitation',
        ['tenant_id', 'invitation_id'], ['tenant_id', 'id'], ondelete='CASCADE',
    )
    op.create_check_constraint(
        op.f('ck_user_email_one_addressee'), 'user_email', 'num_nonnulls(user_id, invitation_id, address) = 1',
    )
    op.create_index('ix_user_email_invitation', 'user_email', ['tenant_id', 'invitation_id'], postgresql_where=sa.text('invitation_id IS NOT NULL'))
    op.add_column('staff_member', sa.Column('user_id', sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f('fk_staff_member_tenant_id_user_id'), 'staff_member', 'user',
        ['tenant_id', 'user_id'], ['tenant_id', 'id'], ondelete='SET NULL (user_id)',
    )
    op.create_unique_constraint(op.f('uq_staff_member_tenant_id_user_id'), 'staff_member', ['tenant_id', 'user_id'])


def downgrade():
    op.drop_constraint(op.f('uq_staff_member_tenant_id_user_id'), 'staff_member')
    op.drop_constraint(op.f('fk_staff_member_tenant_id_user_id'), 'staff_member')
    op.drop_column('staff_member', 'user_id')
    op.drop_index('ix_user_email_invitation', table_name='user_email')
    op.drop_constraint(op.f('ck_user_email_one_addressee'), 'user_email')
    op.drop_constraint(op.f('fk_user_email_tenant_id_invitation_id'), 'user_email')
    op.execute('DELETE FROM user_email WHERE user_id IS NULL')
    op.drop_column('user_email', 'address')
    op.drop_column('user_email', 'invitation_id')
    op.alter_column('user_email', 'user_id', existing_type=sa.Integer(), nullable=False)
    op.drop_table('password_reset')
    op.drop_table('user_invitation')

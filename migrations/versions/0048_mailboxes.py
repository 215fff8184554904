"""mailboxes

The mailbox that a business's emails are read from by IMAP: how one signs in, up to which mail it
was read, and how that went.

Revision ID: 0048
Revises: 0047
"""
from alembic import op
import sqlalchemy as sa

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'mailbox',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('host', sa.Text(), nullable=False),
        sa.Column('port', sa.Integer(), nullable=False),
        sa.Column('security', sa.Text(), nullable=False),
        sa.Column('user_name', sa.Text(), nullable=False),
        sa.Column('folder', sa.Text(), nullable=False),
        sa.Column('auth', sa.Text(), nullable=False),
        sa.Column('password_sealed', sa.Text(), nullable=True),
        sa.Column('client_id', sa.Text(), nullable=True),
        sa.Column('client_secret_sealed', sa.Text(), nullable=True),
        sa.Column('refresh_token_sealed', sa.Text(), nullable=True),
        sa.Column('access_token_sealed', sa.Text(), nullable=True),
        sa.Column('access_token_ends_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('uid_validity', sa.BigInteger(), nullable=False),
        sa.Column('last_uid', sa.BigInteger(), nullable=False),
        sa.Column('anew_since', sa.Date(), nullable=True),
        sa.Column('connected_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('claim', sa.Uuid(), nullable=True),
        sa.Column('last_ok_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
        sa.Column('trouble', sa.Text(), nullable=True),
        sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint('port BETWEEN 1 AND 65535', name=op.f('ck_mailbox_port_possible')),
        sa.CheckConstraint("security IN ('tls', 'starttls')", name=op.f('ck_mailbox_security_known')),
        sa.CheckConstraint("auth IN ('password', 'google', 'microsoft')", name=op.f('ck_mailbox_auth_known')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_mailbox_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mailbox')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_mailbox_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', name=op.f('uq_mailbox_tenant_id')),
    )
    op.create_index(op.f('ix_mailbox_due_at'), 'mailbox', ['due_at'])


def downgrade():
    op.drop_table('mailbox')

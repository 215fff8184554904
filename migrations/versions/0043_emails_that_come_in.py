"""emails that come in

The secret in the address that a business's emails are posted to, sealed; and what an email is
beside its text.

Revision ID: 0043
Revises: 0042
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0043'
down_revision = '0042'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('tenant', sa.Column('email_token_sealed', sa.Text(), nullable=True))
    op.create_table(
        'received_email',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('message_id', sa.BigInteger(), nullable=False),
        sa.Column('header_id', sa.Text(), nullable=False),
        sa.Column('answers', postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column('whole', sa.Text(), nullable=False),
        sa.Column('answerable', sa.Boolean(), nullable=False),
        sa.Column('is_reply', sa.Boolean(), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'message_id'], ['message.tenant_id', 'message.id'], name=op.f('fk_received_email_tenant_id_message_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_received_email_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_received_email')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_received_email_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'message_id', name=op.f('uq_received_email_tenant_id_message_id')),
    )


def downgrade():
    op.drop_table('received_email')
    op.drop_column('tenant', 'email_token_sealed')

"""composing

What users have begun to write and the files with it, messages that go later, canned replies, what
a conversation was before a message, and by which key a user sends.

Revision ID: 0062
Revises: 0061
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0062'
down_revision = '0061'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'draft',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('channel', sa.Text(), server_default='', nullable=False),
        sa.Column('subject', sa.Text(), server_default='', nullable=False),
        sa.Column('body', sa.Text(), server_default='', nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_draft_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_draft_tenant_id_user_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_draft_tenant_id_customer_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
        sa.UniqueConstraint('tenant_id', 'user_id', 'customer_id', name=op.f('uq_draft_tenant_id_user_id_customer_id')),
    )
    op.create_index('ix_draft_customer', 'draft', ['tenant_id', 'customer_id'])
    op.create_table(
        'scheduled_message',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=True),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('subject', sa.Text(), server_default='', nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('content_sid', sa.Text(), nullable=True),
        sa.Column('content_variables', postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column('sender', sa.Text(), nullable=False),
        sa.Column('recipient', sa.Text(), nullable=False),
        sa.Column('send_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('client_token', sa.Text(), nullable=True),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint('(content_sid IS NULL) = (content_variables IS NULL)', name=op.f('ck_scheduled_message_content_whole')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_scheduled_message_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_scheduled_message_tenant_id_customer_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'author_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_scheduled_message_tenant_id_author_id'), ondelete='SET NULL (author_id)'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_scheduled_message')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_scheduled_message_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'client_token', name=op.f('uq_scheduled_message_tenant_id_client_token')),
    )
    op.create_index('ix_scheduled_message_thread', 'scheduled_message', ['tenant_id', 'customer_id', 'send_at'])
    op.create_index('ix_scheduled_message_listed', 'scheduled_message', ['tenant_id', 'send_at'])
    op.create_index('ix_scheduled_message_due', 'scheduled_message', ['send_at'])
    op.create_table(
        'draft_file',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('scheduled_id', sa.BigInteger(), nullable=True),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('content_type', sa.Text(), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_draft_file_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_draft_file_tenant_id_user_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_draft_file_tenant_id_customer_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'scheduled_id'], ['scheduled_message.tenant_id', 'scheduled_message.id'], name=op.f('fk_draft_file_tenant_id_scheduled_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_file')),
    )
    op.create_index('ix_draft_file_whose', 'draft_file', ['tenant_id', 'customer_id', 'user_id'])
    op.create_index('ix_draft_file_scheduled', 'draft_file', ['tenant_id', 'scheduled_id'])
    op.create_index('ix_draft_file_created_at', 'draft_file', ['created_at'])
    op.create_table(
        'canned_reply',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('shortcut', sa.Text(), nullable=False),
        sa.Column('body', sa.Text(), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("shortcut ~ '^[a-z0-9][a-z0-9-]*$'", name=op.f('ck_canned_reply_shortcut_form')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_canned_reply_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_canned_reply_tenant_id_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_canned_reply')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_canned_reply_tenant_id_id')),
    )
    op.create_index('ix_canned_reply_user', 'canned_reply', ['tenant_id', 'user_id'])
    op.create_index('uq_canned_reply_shortcut', 'canned_reply', ['tenant_id', sa.text('coalesce(user_id, 0)'), 'shortcut'], unique=True)
    op.add_column('message', sa.Column('conversation_before', postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column('user', sa.Column('ctrl_enter_sends', sa.Boolean(), server_default=sa.text('false'), nullable=False))


def downgrade():
    op.drop_column('user', 'ctrl_enter_sends')
    op.drop_column('message', 'conversation_before')
    op.drop_table('canned_reply')
    op.drop_table('draft_file')
    op.drop_table('scheduled_message')
    op.drop_table('draft')

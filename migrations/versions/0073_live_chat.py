"""live chat

A business's live chat: its settings, the browsers that chat with it, and whom it does not want.

Revision ID: 0073
Revises: 0072
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0073'
down_revision = '0072'
branch_labels = None
depends_on = None


def _text(name, nullable=False):
    return sa.Column(name, sa.Text(), nullable=True) if nullable else sa.Column(name, sa.Text(), server_default='', nullable=False)


def _at(name, nullable=False):
    default = None if nullable else sa.text('now()')
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=nullable)


def _id():
    return sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _tenant(table):
    column = sa.Column('tenant_id', sa.Integer(), nullable=False)
    key = sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f(f'fk_{table}_tenant_id'), ondelete='CASCADE')
    return column, key


def upgrade():
    op.create_table(
        'chat_settings',
        *_tenant('chat_settings'),
        sa.Column('enabled', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('sites', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False),
        sa.Column('colour', sa.Text(), server_default='#0f766e', nullable=False),
        sa.Column('side', sa.Text(), server_default='right', nullable=False),
        sa.Column('greetings', postgresql.JSONB(), server_default='{}', nullable=False),
        _text('email'),
        _text('phone'),
        sa.Column('identity_mode', sa.Text(), server_default='off', nullable=False),
        _text('identity_secret_sealed', True),
        _text('old_identity_secret_sealed', True),
        _at('changed_at'),
        sa.CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name=op.f('ck_chat_settings_colour_form')),
        sa.CheckConstraint("identity_mode IN ('off', 'warn', 'enforce')", name=op.f('ck_chat_settings_identity_mode_known')),
        sa.CheckConstraint("side IN ('left', 'right')", name=op.f('ck_chat_settings_side_known')),
        sa.PrimaryKeyConstraint('tenant_id', name=op.f('pk_chat_settings')),
    )
    op.create_table(
        'chat_session',
        *_tenant('chat_session'),
        _id(),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('token_hash', sa.Text(), nullable=False),
        _text('identity', True),
        _text('name'),
        _text('typed_email'),
        _text('typed_phone'),
        sa.Column('language', sa.Text(), server_default='en', nullable=False),
        _text('page_url'),
        _text('page_title'),
        _text('ip'),
        _at('created_at'),
        _at('last_seen_at'),
        _at('expires_at', True),
        _at('ended_at', True),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_chat_session')),
        sa.UniqueConstraint('tenant_id', 'token_hash', name=op.f('uq_chat_session_tenant_id_token_hash')),
    )
    op.create_index('ix_chat_session_address', 'chat_session', ['tenant_id', 'address'])
    op.create_index('ix_chat_session_seen', 'chat_session', ['tenant_id', 'last_seen_at'])
    op.create_index('ix_chat_session_old', 'chat_session', ['last_seen_at'])
    op.create_table(
        'chat_block',
        *_tenant('chat_block'),
        _id(),
        _text('address', True),
        _text('network', True),
        _text('note'),
        sa.Column('blocked_by_id', sa.Integer(), nullable=True),
        _at('at'),
        sa.CheckConstraint('num_nonnulls(address, network) = 1', name=op.f('ck_chat_block_one_of_both')),
        sa.ForeignKeyConstraint(['tenant_id', 'blocked_by_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_chat_block_tenant_id_blocked_by_id'), ondelete='SET NULL (blocked_by_id)'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_chat_block')),
        sa.UniqueConstraint('tenant_id', 'address', name=op.f('uq_chat_block_tenant_id_address')),
        sa.UniqueConstraint('tenant_id', 'network', name=op.f('uq_chat_block_tenant_id_network')),
    )


def downgrade():
    op.drop_table('chat_block')
    op.drop_table('chat_session')
    op.drop_table('chat_settings')

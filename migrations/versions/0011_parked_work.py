"""parked work

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-22 21:13:57.486912

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('parked',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('media_id', sa.BigInteger(), nullable=True),
    sa.Column('sid', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), server_default='parked', nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('trying', 'parked', 'discarded')", name=op.f('ck_parked_state_known')),
    sa.CheckConstraint('num_nonnulls(message_id, media_id, sid) = 1', name=op.f('ck_parked_one_kind')),
    sa.ForeignKeyConstraint(['tenant_id', 'media_id'], ['media.tenant_id', 'media.id'], name=op.f('fk_parked_tenant_id_media_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id', 'message_id'], ['message.tenant_id', 'message.id'], name=op.f('fk_parked_tenant_id_message_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_parked_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parked')),
    sa.UniqueConstraint('tenant_id', 'media_id', name=op.f('uq_parked_tenant_id_media_id')),
    sa.UniqueConstraint('tenant_id', 'message_id', name=op.f('uq_parked_tenant_id_message_id')),
    sa.UniqueConstraint('tenant_id', 'sid', name=op.f('uq_parked_tenant_id_sid'))
    )
    op.create_index('ix_parked_to_show', 'parked', ['id'], postgresql_where=sa.text("state = 'parked'"))


def downgrade():
    op.drop_index('ix_parked_to_show', table_name='parked')
    op.drop_table('parked')

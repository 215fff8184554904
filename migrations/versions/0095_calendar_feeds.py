"""calendar feeds

Addresses at which calendar programs read the appointments of a business, or of one who works there.

Revision ID: 0095
Revises: 0094
"""
from alembic import op
import sqlalchemy as sa

revision = '0095'
down_revision = '0094'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'calendar_feed',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('staff_member_id', sa.Integer(), nullable=True),
        sa.Column('shows', sa.Text(), nullable=False),
        sa.Column('token_hash', sa.Text(), nullable=False),
        sa.Column('token_sealed', sa.Text(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("shows IN ('names', 'initials', 'busy')", name=op.f('ck_calendar_feed_shows_known')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_calendar_feed_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'staff_member_id'], ['staff_member.tenant_id', 'staff_member.id'], name=op.f('fk_calendar_feed_tenant_id_staff_member_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_calendar_feed')),
        sa.UniqueConstraint('tenant_id', 'token_hash', name=op.f('uq_calendar_feed_tenant_id_token_hash')),
    )
    op.create_index('ix_calendar_feed_staff_member', 'calendar_feed', ['tenant_id', 'staff_member_id'])


def downgrade():
    op.drop_table('calendar_feed')

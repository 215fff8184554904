"""asking the carrier

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-22 21:21:17.681472

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('inbound_check',
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_inbound_check_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('tenant_id', 'channel', name=op.f('pk_inbound_check'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ask_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_message_to_ask', ['tenant_id', 'ask_at'], unique=False, postgresql_where=sa.text("status IN ('accepted', 'sent') AND ask_at IS NOT NULL"))

    # What was on its way within the last two days is asked about, too.
    op.execute("""
        UPDATE message SET ask_at = now()
        WHERE direction = 'outbound' AND status IN ('accepted', 'sent')
        AND provider_sid IS NOT NULL AND attempted_at > now() - interval '2 days'
    """)


def downgrade():
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_to_ask', postgresql_where=sa.text("status IN ('accepted', 'sent') AND ask_at IS NOT NULL"))
        batch_op.drop_column('ask_at')

    op.drop_table('inbound_check')

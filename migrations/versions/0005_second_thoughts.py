"""second thoughts

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-22 18:10:05.587445

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    # PostgreSQL lets nobody use a new value of an enum before it is committed.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE message_status ADD VALUE IF NOT EXISTS 'cancelled'")
    op.add_column('message', sa.Column('again_of_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        'fk_message_tenant_id_again_of_id',
        'message',
        'message',
        ['tenant_id', 'again_of_id'],
        ['tenant_id', 'id'],
        ondelete='SET NULL (again_of_id)',
    )
    op.create_index(
        'ix_message_again_of',
        'message',
        ['tenant_id', 'again_of_id'],
        postgresql_where=sa.text('again_of_id IS NOT NULL'),
    )
    op.add_column(
        'tenant', sa.Column('undo_seconds', sa.Integer(), server_default='5', nullable=False)
    )
    op.create_check_constraint(
        # As it is: the naming convention would put its prefix in front once more.
        op.f('ck_tenant_undo_within_a_minute'), 'tenant', 'undo_seconds BETWEEN 0 AND 60'
    )


def downgrade():
    # The value stays in the enum, where nobody uses it: PostgreSQL takes none away.
    op.execute("UPDATE message SET status = 'failed' WHERE status = 'cancelled'")
    op.drop_constraint(op.f('ck_tenant_undo_within_a_minute'), 'tenant')
    op.drop_column('tenant', 'undo_seconds')
    op.drop_index('ix_message_again_of', table_name='message')
    op.drop_constraint('fk_message_tenant_id_again_of_id', 'message', type_='foreignkey')
    op.drop_column('message', 'again_of_id')

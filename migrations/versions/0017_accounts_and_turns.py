"""accounts and turns

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-22 22:57:03.893376

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

WAITING = sa.text("status = 'queued'")
STAFF_FIRST = [sa.literal_column('(author_id IS NULL)'), 'send_after', 'id']


def upgrade():
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('account_sid', sa.Text(), nullable=True))
        batch_op.drop_index('ix_message_line', postgresql_where=WAITING)
        batch_op.create_index('ix_message_line', ['channel', 'sender', 'tenant_id', *STAFF_FIRST], unique=False, postgresql_where=WAITING)

    with op.batch_alter_table('sender_pace', schema=None) as batch_op:
        batch_op.add_column(sa.Column('last_served', sa.Integer(), server_default='0', nullable=False))

    # What is on its way by a business's own account; else the platform's is asked, as before.
    op.execute("""
        UPDATE message SET account_sid = tenant.twilio_account_sid FROM tenant
        WHERE tenant.id = message.tenant_id AND direction = 'outbound'
        AND status IN ('sending', 'checking', 'accepted', 'sent', 'unknown')
        AND attempted_at > now() - interval '2 days'
        AND twilio_account_sid <> '' AND twilio_auth_token_sealed <> ''
    """)


def downgrade():
    with op.batch_alter_table('sender_pace', schema=None) as batch_op:
        batch_op.drop_column('last_served')

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_line', postgresql_where=WAITING)
        batch_op.create_index('ix_message_line', ['channel', 'sender', *STAFF_FIRST], unique=False, postgresql_where=WAITING)
        batch_op.drop_column('account_sid')

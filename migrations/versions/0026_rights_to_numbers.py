"""rights to numbers

Revision ID: 0026
Revises: 0025

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'sender_number',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('account_sid', sa.Text(), server_default='', nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), server_default='', nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.Column('ask_after', sa.DateTime(timezone=True), nullable=True),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("channel IN ('sms', 'whatsapp')", name=op.f('ck_sender_number_channel_known')),
        sa.CheckConstraint("state IN ('checking', 'held', 'absent', 'contested', 'withdrawn')", name=op.f('ck_sender_number_state_known')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_sender_number_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sender_number')),
        sa.UniqueConstraint('tenant_id', 'channel', 'number', 'account_sid', name=op.f('uq_sender_number_tenant_id_channel_number_account_sid')),
    )
    op.create_index('uq_sender_number_held', 'sender_number', ['channel', 'number'], unique=True, postgresql_where=sa.text("state = 'held'"))
    op.create_index('ix_sender_number_to_ask', 'sender_number', ['ask_after'], unique=False, postgresql_where=sa.text('ask_after IS NOT NULL'))
    # What is in use goes on: on our account as granted; on a business's own Twilio is asked at once.
    for channel, column in (('sms', 'sms_from'), ('whatsapp', 'whatsapp_from')):
        op.execute(f"""
            INSERT INTO sender_number (tenant_id, channel, number, account_sid, state, ask_after)
            SELECT id, '{channel}', {column},
                   CASE WHEN own THEN twilio_account_sid ELSE '' END, 'held',
                   CASE WHEN own THEN now() END
            FROM (SELECT *, coalesce(twilio_account_sid <> '' AND twilio_auth_token_sealed <> '', false) AS own FROM tenant) AS known
            WHERE {column} IS NOT NULL
        """)


def downgrade():
    op.drop_table('sender_number')

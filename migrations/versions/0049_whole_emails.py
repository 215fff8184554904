"""whole emails

How an email was set, what it invites to, whether a person wrote it and which of its files stands in
its text; addresses from which emails come back; the answers that we gave to emails by ourselves.

Revision ID: 0049
Revises: 0048
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None

SOURCES_BEFORE = "source IN ('keyword', 'carrier', 'staff', 'link')"
SOURCES = "source IN ('keyword', 'carrier', 'staff', 'link', 'complaint')"
SOURCE_KNOWN = op.f('ck_consent_event_source_known')


def upgrade():
    op.add_column('received_email', sa.Column('html', sa.Text(), server_default='', nullable=False))
    op.add_column('received_email', sa.Column('has_html', sa.Boolean(), sa.Computed("html <> ''"), nullable=False))
    op.add_column('received_email', sa.Column('remote_pictures', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('received_email', sa.Column('invitation', postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column('received_email', sa.Column('personal', sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column('media', sa.Column('content_id', sa.Text(), server_default='', nullable=False))
    op.add_column('contact_point', sa.Column('invalid_since', sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(SOURCE_KNOWN, 'consent_event', type_='check')
    op.create_check_constraint(SOURCE_KNOWN, 'consent_event', SOURCES)
    op.create_table(
        'email_auto_answer',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('message_id', sa.BigInteger(), nullable=False),
        sa.Column('answered_id', sa.BigInteger(), nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('domain', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'answered_id'], ['message.tenant_id', 'message.id'], name=op.f('fk_email_auto_answer_tenant_id_answered_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'message_id'], ['message.tenant_id', 'message.id'], name=op.f('fk_email_auto_answer_tenant_id_message_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_email_auto_answer_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_email_auto_answer')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_email_auto_answer_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'message_id', name=op.f('uq_email_auto_answer_tenant_id_message_id')),
    )
    op.create_index('ix_email_auto_answer_answered', 'email_auto_answer', ['tenant_id', 'answered_id'])
    op.create_index('ix_email_auto_answer_domain', 'email_auto_answer', ['tenant_id', 'domain', 'at'])


def downgrade():
    op.drop_table('email_auto_answer')
    op.execute("UPDATE consent_event SET source = 'link' WHERE source = 'complaint'")
    op.drop_constraint(SOURCE_KNOWN, 'consent_event', type_='check')
    op.create_check_constraint(SOURCE_KNOWN, 'consent_event', SOURCES_BEFORE)
    op.drop_column('contact_point', 'invalid_since')
    op.drop_column('media', 'content_id')
    op.drop_column('received_email', 'personal')
    op.drop_column('received_email', 'invitation')
    op.drop_column('received_email', 'remote_pictures')
    op.drop_column('received_email', 'has_html')
    op.drop_column('received_email', 'html')

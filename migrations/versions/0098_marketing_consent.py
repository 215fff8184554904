"""marketing consent

Who agreed to get offers, and by what that is known: apart from the consent to reminders.

Revision ID: 0098
Revises: 0097
"""
from alembic import op
import sqlalchemy as sa

revision = '0098'
down_revision = '0097'
branch_labels = None
depends_on = None

KINDS = "kind IN ('customers', 'appointments', 'services', 'staff', 'consent'{more})"


def upgrade():
    op.create_table(
        'marketing_consent',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('said', sa.Text(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.Column('given_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('evidence', sa.Text(), server_default='', nullable=False),
        sa.CheckConstraint("said IN ('yes', 'no')", name=op.f('ck_marketing_consent_said_known')),
        sa.CheckConstraint("source IN ('staff', 'import')", name=op.f('ck_marketing_consent_source_known')),
        sa.CheckConstraint("said = 'no' OR evidence <> ''", name=op.f('ck_marketing_consent_yes_is_proven')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_marketing_consent_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'user_id'],
            ['user.tenant_id', 'user.id'],
            name=op.f('fk_marketing_consent_tenant_id_user_id'),
            ondelete='SET NULL (user_id)',
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_marketing_consent')),
    )
    op.create_index('ix_marketing_consent_address', 'marketing_consent', ['tenant_id', 'channel', 'address', 'id'])
    op.create_index(
        'ix_marketing_consent_user',
        'marketing_consent',
        ['tenant_id', 'user_id'],
        postgresql_where=sa.text('user_id IS NOT NULL'),
    )
    _kinds(", 'marketing'")


def _kinds(more):
    op.drop_constraint(op.f('ck_appointment_import_kind_known'), 'appointment_import', type_='check')
    op.create_check_constraint(op.f('ck_appointment_import_kind_known'), 'appointment_import', KINDS.format(more=more))


def downgrade():
    op.execute("DELETE FROM appointment_import WHERE kind = 'marketing'")
    _kinds('')
    op.drop_table('marketing_consent')

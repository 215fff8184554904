"""Templates in several languages, and what texts cost

Revision ID: 0014
Revises: 0013
"""
from alembic import op
import sqlalchemy as sa

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

NAMES = ('tenant_id', 'type', 'channel')


def upgrade():
    op.add_column('message_template', sa.Column('language', sa.Text(), server_default='en', nullable=False))
    op.create_check_constraint(op.f('ck_message_template_language_form'), 'message_template', "language ~ '^[a-z]{2}$'")
    op.drop_constraint(op.f('uq_message_template_tenant_id_type_channel'), 'message_template', type_='unique')
    op.create_unique_constraint(op.f('uq_message_template_tenant_id_type_channel_language'), 'message_template', [*NAMES, 'language'])
    op.add_column('tenant', sa.Column('locale', sa.Text(), server_default='en_US', nullable=False))
    op.add_column('tenant', sa.Column('currency', sa.Text(), server_default='USD', nullable=False))
    op.add_column('tenant', sa.Column('segment_price', sa.Numeric(), nullable=True))
    op.create_check_constraint(op.f('ck_tenant_locale_form'), 'tenant', "locale ~ '^[a-z]{2}_[A-Z]{2}$'")
    op.create_check_constraint(op.f('ck_tenant_currency_form'), 'tenant', "currency ~ '^[A-Z]{3}$'")
    op.create_check_constraint(op.f('ck_tenant_segment_price_sensible'), 'tenant', 'segment_price BETWEEN 0 AND 100')


def downgrade():
    op.drop_column('tenant', 'segment_price')
    op.drop_column('tenant', 'currency')
    op.drop_column('tenant', 'locale')
    # One language is left: English, or the first of the others.
    op.execute("""
        DELETE FROM message_template AS other USING message_template AS kept
        WHERE other.tenant_id = kept.tenant_id AND other.type = kept.type AND other.channel = kept.channel
          AND (other.language <> 'en', other.language) > (kept.language <> 'en', kept.language)
    """)
    op.drop_constraint(op.f('uq_message_template_tenant_id_type_channel_language'), 'message_template', type_='unique')
    op.create_unique_constraint(op.f('uq_message_template_tenant_id_type_channel'), 'message_template', [*NAMES])
    op.drop_column('message_template', 'language')

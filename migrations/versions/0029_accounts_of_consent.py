"""accounts of consent

Revision ID: 0029
Revises: 0028

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

# The forms of one line, as app/lib/phone.py had them.
FORMS = (
    (r'^\+55(\d\d)9([6-9]\d{7})$', r'+55\1\2'),
    (r'^\+55(\d\d)([6-9]\d{7})$', r'+55\19\2'),
    (r'^\+549([1-3]\d{9})$', r'+54\1'),
    (r'^\+54([1-3]\d{9})$', r'+549\1'),
    (r'^\+521([2-9]\d{9})$', r'+52\1'),
    (r'^\+52([2-9]\d{9})$', r'+521\1'),
)


def upgrade():
    op.add_column(
        'consent_event', sa.Column('account_sid', sa.Text(), server_default='', nullable=False)
    )
    # An array and no further key: the code before this names the key in its ON CONFLICT.
    op.add_column(
        'opt_out',
        sa.Column('accounts', sa.ARRAY(sa.Text()), server_default='{""}', nullable=False),
    )
    # What came in before counts as the platform's; of a business with an account of its own nobody
    # knows, so that either ends it.
    op.execute("""
        UPDATE opt_out SET accounts = '{}' FROM tenant
        WHERE tenant.id = tenant_id AND channel IN ('sms', 'whatsapp')
          AND twilio_account_sid <> '' AND twilio_auth_token_sealed <> ''
    """)
    known = sa.text("""
        INSERT INTO opt_out (tenant_id, channel, address, since, accounts)
        SELECT tenant_id, channel, regexp_replace(address, :form, :other), since, accounts
        FROM opt_out WHERE address ~ :form
        ON CONFLICT DO NOTHING
    """)
    for form, other in FORMS:
        op.get_bind().execute(known, {'form': form, 'other': other})


def downgrade():
    op.drop_column('opt_out', 'accounts')
    op.drop_column('consent_event', 'account_sid')

"""own numbers

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-22 22:05:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    # Of a number that several businesses had, the eldest keeps it: the others' answers went there.
    for column in ('sms_from', 'whatsapp_from'):
        op.execute(
            f'UPDATE tenant SET {column} = NULL WHERE id NOT IN'
            f' (SELECT min(id) FROM tenant WHERE {column} IS NOT NULL GROUP BY {column})'
        )
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f('uq_tenant_sms_from'), ['sms_from'])
        batch_op.create_unique_constraint(batch_op.f('uq_tenant_whatsapp_from'), ['whatsapp_from'])


def downgrade():
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_tenant_whatsapp_from'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_tenant_sms_from'), type_='unique')

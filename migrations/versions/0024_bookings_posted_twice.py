"""bookings posted twice

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-23 02:58:38.470765

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('client_token', sa.Text(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_appointment_tenant_id_client_token'), ['tenant_id', 'client_token'])



def downgrade():
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_appointment_tenant_id_client_token'), type_='unique')
        batch_op.drop_column('client_token')


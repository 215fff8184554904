"""what a business may cost

Revision ID: 0032
Revises: 0031

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


# revision identifiers, used by Alembic.
revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

LIMITS = {'segments_a_day': '1000', 'calls_a_day': '100', 'strangers_a_day': '50'}


def upgrade():
    countries = postgresql.ARRAY(sa.Text())
    op.add_column('tenant', sa.Column('open_countries', countries, server_default='{}', nullable=False))
    for name, usual in LIMITS.items():
        op.add_column('tenant', sa.Column(name, sa.Integer(), server_default=usual, nullable=False))
    op.create_check_constraint(
        op.f('ck_tenant_limits_sensible'),
        'tenant',
        'segments_a_day >= 0 AND calls_a_day >= 0 AND strangers_a_day >= 0',
    )


def downgrade():
    op.drop_constraint(op.f('ck_tenant_limits_sensible'), 'tenant', type_='check')
    for name in ('open_countries', *LIMITS):
        op.drop_column('tenant', name)

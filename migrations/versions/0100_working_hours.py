"""working hours

When each staff member works, and is away; what of a service has to be known to find a free place.

Revision ID: 0100
Revises: 0099
"""
from alembic import op
import sqlalchemy as sa

revision = '0100'
down_revision = '0099'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'staff_interval',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('staff_member_id', sa.Integer(), nullable=False),
        sa.Column('weekday', sa.SmallInteger(), nullable=False),
        sa.Column('opens', sa.Integer(), nullable=False),
        sa.Column('closes', sa.Integer(), nullable=False),
        sa.CheckConstraint('opens BETWEEN 0 AND 1439 AND closes > opens AND closes - opens <= 1440', name=op.f('ck_staff_interval_within_a_day')),
        sa.CheckConstraint('weekday BETWEEN 0 AND 6', name=op.f('ck_staff_interval_weekday_known')),
        sa.ForeignKeyConstraint(['tenant_id', 'staff_member_id'], ['staff_member.tenant_id', 'staff_member.id'], name=op.f('fk_staff_interval_tenant_id_staff_member_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_staff_interval_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_staff_interval')),
        sa.UniqueConstraint('tenant_id', 'staff_member_id', 'weekday', 'opens', name=op.f('uq_staff_interval_tenant_id_staff_member_id_weekday_opens')),
    )
    op.create_table(
        'time_off',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('staff_member_id', sa.Integer(), nullable=False),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('note', sa.Text(), server_default='', nullable=False),
        sa.CheckConstraint('last_day BETWEEN first_day AND first_day + 366', name=op.f('ck_time_off_within_a_year')),
        sa.ForeignKeyConstraint(['tenant_id', 'staff_member_id'], ['staff_member.tenant_id', 'staff_member.id'], name=op.f('fk_time_off_tenant_id_staff_member_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_time_off_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_time_off')),
    )
    op.create_index('ix_time_off_staff_member', 'time_off', ['tenant_id', 'staff_member_id', 'last_day'])
    op.create_table(
        'service_staff',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('service_id', sa.Integer(), nullable=False),
        sa.Column('staff_member_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id', 'service_id'], ['service.tenant_id', 'service.id'], name=op.f('fk_service_staff_tenant_id_service_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'staff_member_id'], ['staff_member.tenant_id', 'staff_member.id'], name=op.f('fk_service_staff_tenant_id_staff_member_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_service_staff_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'service_id', 'staff_member_id', name=op.f('pk_service_staff')),
    )
    op.create_index('ix_service_staff_staff_member', 'service_staff', ['tenant_id', 'staff_member_id'])
    op.add_column('staff_member', sa.Column('own_hours', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('staff_member', sa.Column('hours_version', sa.Integer(), server_default='0', nullable=False))
    op.add_column('service', sa.Column('buffer_minutes', sa.Integer(), server_default='0', nullable=False))
    op.add_column('service', sa.Column('price', sa.Numeric(), nullable=True))
    op.add_column('service', sa.Column('bookable_online', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('service', sa.Column('by_all', sa.Boolean(), server_default=sa.text('true'), nullable=False))
    op.create_check_constraint(op.f('ck_service_buffer_sensible'), 'service', 'buffer_minutes BETWEEN 0 AND 480')
    op.create_check_constraint(op.f('ck_service_price_sensible'), 'service', 'price BETWEEN 0 AND 1000000')


def downgrade():
    for column in ('by_all', 'bookable_online', 'price', 'buffer_minutes'):
        op.drop_column('service', column)
    for column in ('hours_version', 'own_hours'):
        op.drop_column('staff_member', column)
    op.drop_table('service_staff')
    op.drop_table('time_off')
    op.drop_table('staff_interval')

"""notifications

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-22 22:55:23.647345

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('notification_setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('falls_back', sa.Boolean(), nullable=False),
    sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_notification_setting_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification_setting')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_notification_setting_tenant_id_id')),
    sa.UniqueConstraint('tenant_id', 'type', name=op.f('uq_notification_setting_tenant_id_type'))
    )
    op.create_table('notification',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('public_id', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('appointment_id', sa.Integer(), nullable=True),
    sa.Column('call_id', sa.Integer(), nullable=True),
    sa.Column('step', sa.Integer(), server_default='0', nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('useful_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('cause', sa.Text(), server_default='', nullable=False),
    sa.Column('reason', sa.Text(), server_default='', nullable=False),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('opens', sa.Integer(), server_default='0', nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tenant_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("status = 'planned' OR reason <> ''", name=op.f('ck_notification_end_has_a_reason')),
    sa.CheckConstraint("status IN ('planned', 'sent', 'skipped', 'cancelled')", name=op.f('ck_notification_status_known')),
    sa.ForeignKeyConstraint(['tenant_id', 'appointment_id'], ['appointment.tenant_id', 'appointment.id'], name=op.f('fk_notification_tenant_id_appointment_id'), ondelete='SET NULL (appointment_id)'),
    sa.ForeignKeyConstraint(['tenant_id', 'call_id'], ['call.tenant_id', 'call.id'], name=op.f('fk_notification_tenant_id_call_id'), ondelete='SET NULL (call_id)'),
    sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_notification_tenant_id_customer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tenant_id', 'message_id'], ['message.tenant_id', 'message.id'], name=op.f('fk_notification_tenant_id_message_id'), ondelete='SET NULL (message_id)'),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_notification_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notification')),
    sa.UniqueConstraint('public_id', name=op.f('uq_notification_public_id')),
    sa.UniqueConstraint('tenant_id', 'appointment_id', 'type', 'step', 'starts_at', name=op.f('uq_notification_tenant_id_appointment_id_type_step_starts_at')),
    sa.UniqueConstraint('tenant_id', 'call_id', 'type', name=op.f('uq_notification_tenant_id_call_id_type')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_notification_tenant_id_id'))
    )
    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.create_index('ix_notification_customer', ['tenant_id', 'customer_id', 'id'], unique=False)
        batch_op.create_index('ix_notification_due', ['due_at'], unique=False, postgresql_where=sa.text("status = 'planned'"))
        batch_op.create_index('ix_notification_message', ['tenant_id', 'message_id'], unique=False, postgresql_where=sa.text('message_id IS NOT NULL'))
        batch_op.create_index('ix_notification_planned', ['tenant_id', 'due_at'], unique=False, postgresql_where=sa.text("status = 'planned'"))

    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('booked_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False))
        batch_op.add_column(sa.Column('planned_for', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_appointment_unplanned', ['starts_at'], unique=False, postgresql_where=sa.text('planned_for IS DISTINCT FROM starts_at'))

    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('timezone', sa.Text(), nullable=True))

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.add_column(sa.Column('not_after', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_message_too_late', ['not_after'], unique=False, postgresql_where=sa.text("status = 'queued' AND not_after IS NOT NULL"))

    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quiet_from', sa.Time(), server_default='21:00', nullable=True))
        batch_op.add_column(sa.Column('quiet_until', sa.Time(), server_default='08:00', nullable=True))
        batch_op.add_column(sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('reply_cancels', sa.Boolean(), server_default=sa.text('false'), nullable=False))

    op.create_check_constraint(
        op.f('ck_tenant_quiet_hours_whole'), 'tenant', '(quiet_from IS NULL) = (quiet_until IS NULL)'
    )



def downgrade():
    op.drop_constraint(op.f('ck_tenant_quiet_hours_whole'), 'tenant')
    with op.batch_alter_table('tenant', schema=None) as batch_op:
        batch_op.drop_column('reply_cancels')
        batch_op.drop_column('paused_at')
        batch_op.drop_column('quiet_until')
        batch_op.drop_column('quiet_from')

    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index('ix_message_too_late', postgresql_where=sa.text("status = 'queued' AND not_after IS NOT NULL"))
        batch_op.drop_column('not_after')

    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.drop_column('timezone')

    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_index('ix_appointment_unplanned', postgresql_where=sa.text('planned_for IS DISTINCT FROM starts_at'))
        batch_op.drop_column('planned_for')
        batch_op.drop_column('booked_at')

    with op.batch_alter_table('notification', schema=None) as batch_op:
        batch_op.drop_index('ix_notification_planned', postgresql_where=sa.text("status = 'planned'"))
        batch_op.drop_index('ix_notification_message', postgresql_where=sa.text('message_id IS NOT NULL'))
        batch_op.drop_index('ix_notification_due', postgresql_where=sa.text("status = 'planned'"))
        batch_op.drop_index('ix_notification_customer')

    op.drop_table('notification')
    op.drop_table('notification_setting')

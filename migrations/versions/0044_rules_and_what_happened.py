"""rules and what happened

What happened, a row each; the rules of businesses; and what each rule made of each event.

Revision ID: 0044
Revises: 0043
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('automation_rule',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('enabled', sa.Boolean(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('trigger', sa.Text(), nullable=False),
        sa.Column('trigger_options', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('conditions', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('actions', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('after_rules', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('enabled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('off_reason', sa.Text(), server_default='', nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint('version >= 1', name=op.f('ck_automation_rule_version_counts')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_automation_rule_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_automation_rule')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_automation_rule_tenant_id_id'))
    )
    op.create_index('ix_automation_rule_on', 'automation_rule', ['tenant_id', 'trigger'], postgresql_where=sa.text('enabled'))
    op.create_index('ix_automation_rule_order', 'automation_rule', ['tenant_id', 'position', 'id'])

    op.create_table('automation_event',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('type', sa.Text(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.BigInteger(), nullable=True),
        sa.Column('appointment_id', sa.Integer(), nullable=True),
        sa.Column('call_id', sa.Integer(), nullable=True),
        sa.Column('found_in', sa.BigInteger(), nullable=True),
        sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
        sa.Column('origin', sa.Text(), nullable=False),
        sa.Column('cause_id', sa.BigInteger(), nullable=True),
        sa.Column('depth', sa.Integer(), server_default='0', nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("origin IN ('customer', 'staff', 'system', 'automation')", name=op.f('ck_automation_event_origin_known')),
        sa.ForeignKeyConstraint(['tenant_id', 'appointment_id'], ['appointment.tenant_id', 'appointment.id'], name=op.f('fk_automation_event_tenant_id_appointment_id'), ondelete='SET NULL (appointment_id)'),
        sa.ForeignKeyConstraint(['tenant_id', 'call_id'], ['call.tenant_id', 'call.id'], name=op.f('fk_automation_event_tenant_id_call_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'cause_id'], ['automation_event.tenant_id', 'automation_event.id'], name=op.f('fk_automation_event_tenant_id_cause_id'), ondelete='SET NULL (cause_id)'),
        sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_automation_event_tenant_id_customer_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'message_id'], ['message.tenant_id', 'message.id'], name=op.f('fk_automation_event_tenant_id_message_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_automation_event_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_automation_event')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_automation_event_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'type', 'found_in', name=op.f('uq_automation_event_tenant_id_type_found_in'))
    )
    op.create_index('ix_automation_event_appointment', 'automation_event', ['tenant_id', 'appointment_id'], postgresql_where=sa.text('appointment_id IS NOT NULL'))
    op.create_index('ix_automation_event_call', 'automation_event', ['tenant_id', 'call_id'], postgresql_where=sa.text('call_id IS NOT NULL'))
    op.create_index('ix_automation_event_cause', 'automation_event', ['tenant_id', 'cause_id'], postgresql_where=sa.text('cause_id IS NOT NULL'))
    op.create_index('ix_automation_event_customer', 'automation_event', ['tenant_id', 'customer_id', 'id'])
    op.create_index('ix_automation_event_message', 'automation_event', ['tenant_id', 'message_id'], postgresql_where=sa.text('message_id IS NOT NULL'))
    op.create_index('ix_automation_event_unjudged', 'automation_event', ['due_at'], postgresql_where=sa.text('judged_at IS NULL'))

    op.create_table('automation_run',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('rule_id', sa.BigInteger(), nullable=True),
        sa.Column('rule_name', sa.Text(), nullable=False),
        sa.Column('rule_version', sa.Integer(), nullable=False),
        sa.Column('event_id', sa.BigInteger(), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('status', sa.Text(), nullable=False),
        sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('done', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('reason', sa.Text(), server_default='', nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'waiting') = (done_at IS NULL)", name=op.f('ck_automation_run_over_when_done')),
        sa.CheckConstraint("status IN ('waiting', 'done', 'unmet', 'void', 'held_back', 'failed')", name=op.f('ck_automation_run_status_known')),
        sa.ForeignKeyConstraint(['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'], name=op.f('fk_automation_run_tenant_id_customer_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'event_id'], ['automation_event.tenant_id', 'automation_event.id'], name=op.f('fk_automation_run_tenant_id_event_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['tenant_id', 'rule_id'], ['automation_rule.tenant_id', 'automation_rule.id'], name=op.f('fk_automation_run_tenant_id_rule_id'), ondelete='SET NULL (rule_id)'),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_automation_run_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_automation_run')),
        sa.UniqueConstraint('tenant_id', 'event_id', 'rule_id', name=op.f('uq_automation_run_tenant_id_event_id_rule_id')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_automation_run_tenant_id_id'))
    )
    op.create_index('ix_automation_run_customer', 'automation_run', ['tenant_id', 'customer_id', 'id'])
    op.create_index('ix_automation_run_due', 'automation_run', ['due_at'], postgresql_where=sa.text("status = 'waiting'"))
    op.create_index('ix_automation_run_log', 'automation_run', ['tenant_id', 'id'])
    op.create_index('ix_automation_run_rule', 'automation_run', ['tenant_id', 'rule_id', 'id'], postgresql_where=sa.text('rule_id IS NOT NULL'))

    op.create_index('ix_message_failed', 'message', ['send_after'], postgresql_where=sa.text("status = 'failed'"))


def downgrade():
    op.drop_index('ix_message_failed', table_name='message')
    op.drop_table('automation_run')
    op.drop_table('automation_rule')
    op.drop_table('automation_event')

"""promises

What staff told a customer that they would do, until it is done; whoever sees to the conversation has a notice
when it is due.

Revision ID: 0085
Revises: 0084
"""
from alembic import op
import sqlalchemy as sa

revision = '0085'
down_revision = '0084'
branch_labels = None
depends_on = None

KINDS = "kind IN ('mention', 'assigned', 'asked'{more})"


def upgrade():
    op.create_table(
        'promise',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('what', sa.Text(), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('char_length(what) BETWEEN 1 AND 200', name=op.f('ck_promise_what_short')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_promise_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'customer_id'], ['customer.tenant_id', 'customer.id'],
            name=op.f('fk_promise_tenant_id_customer_id'), ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'],
            name=op.f('fk_promise_tenant_id_user_id'), ondelete='SET NULL (user_id)',
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_promise')),
    )
    op.create_index('uq_promise_open', 'promise', ['tenant_id', 'customer_id', 'due_at', 'what'], unique=True, postgresql_where=sa.text('done_at IS NULL'))
    op.create_index('ix_promise_due', 'promise', ['due_at'], postgresql_where=sa.text('done_at IS NULL AND reminded_at IS NULL'))
    op.create_index('ix_promise_customer', 'promise', ['tenant_id', 'customer_id'])
    op.create_index('ix_promise_user', 'promise', ['tenant_id', 'user_id'], postgresql_where=sa.text('user_id IS NOT NULL'))
    _kinds(", 'promised'")


def _kinds(more):
    op.drop_constraint(op.f('ck_user_notice_kind_known'), 'user_notice', type_='check')
    op.create_check_constraint(op.f('ck_user_notice_kind_known'), 'user_notice', KINDS.format(more=more))


def downgrade():
    op.execute("DELETE FROM user_notice WHERE kind = 'promised'")
    _kinds('')
    op.drop_table('promise')

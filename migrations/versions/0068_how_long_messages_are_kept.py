"""how long messages are kept

For how many years a business keeps its messages, and the files that older ones are archived to. What
goes with the setting app.archived is not taken out of the reports: they tell what was.

Revision ID: 0068
Revises: 0067
"""
from alembic import op
import sqlalchemy as sa

revision = '0068'
down_revision = '0067'
branch_labels = None
depends_on = None

GONE = """
CREATE OR REPLACE TRIGGER roll_up_gone AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT {when} EXECUTE FUNCTION count_{table}()
"""
NOT_ARCHIVED = "WHEN (coalesce(current_setting('app.archived', true), '') <> 'on')"
COUNTED = ('message', 'reply')


def upgrade():
    op.add_column('tenant', sa.Column('messages_kept_years', sa.Integer(), nullable=True))
    op.add_column('tenant', sa.Column('messages_kept_set_at', sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f('ck_tenant_messages_kept_a_year'), 'tenant', 'messages_kept_years BETWEEN 1 AND 100')
    op.create_table(
        'message_archive',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), server_default='writing', nullable=False),
        sa.Column('claim', sa.Uuid(), nullable=True),
        sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.Column('messages', sa.Integer(), server_default='0', nullable=False),
        sa.Column('attachments', sa.Integer(), server_default='0', nullable=False),
        sa.Column('deleted', sa.Integer(), server_default='0', nullable=False),
        sa.Column('size', sa.BigInteger(), server_default='0', nullable=False),
        sa.Column('sha256', sa.Text(), server_default='', nullable=False),
        sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('writing', 'written', 'done')", name=op.f('ck_message_archive_state_known')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_message_archive_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_message_archive')),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_message_archive_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_message_archive_tenant_id_name')),
    )
    op.create_index('uq_message_archive_under_way', 'message_archive', ['tenant_id'], unique=True, postgresql_where=sa.text("state <> 'done'"))
    for table in COUNTED:
        op.execute(GONE.format(table=table, when=NOT_ARCHIVED))


def downgrade():
    for table in COUNTED:
        op.execute(GONE.format(table=table, when=''))
    op.drop_table('message_archive')
    op.drop_constraint(op.f('ck_tenant_messages_kept_a_year'), 'tenant')
    op.drop_column('tenant', 'messages_kept_set_at')
    op.drop_column('tenant', 'messages_kept_years')

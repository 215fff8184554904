"""audit log

Who did what to which row. PostgreSQL itself refuses to change an entry, and to delete one before its
time (app/audit/audit_log.py has the same period); a customer who is deleted takes what entries say of them along.

Revision ID: 0079
Revises: 0078
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0079'
down_revision = '0078'
branch_labels = None
depends_on = None

# What other triggers and foreign keys do is done: a business takes its log along, a customer what it says of them.
KEEP = """
CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' AND (pg_trigger_depth() > 1 OR OLD.at < now() - interval '730 days') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$
"""
KEPT = 'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_audit_log()'
FORGET = """
CREATE FUNCTION forget_in_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_entry SET changes = '{}', row_name = ''
    WHERE tenant_id = OLD.tenant_id AND customer_id = OLD.id;
    RETURN NULL;
END $$
"""
# At the end of the transaction: the entry of the deletion itself is written after it.
FORGOTTEN = """
CREATE CONSTRAINT TRIGGER forget_in_audit_log AFTER DELETE ON customer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION forget_in_audit_log()
"""


def _columns():
    return (
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('actor_id', sa.Integer(), nullable=True),
        sa.Column('actor_name', sa.Text(), server_default='', nullable=False),
        sa.Column('by_operator', sa.Boolean(), server_default=sa.text('false'), nullable=False),
        sa.Column('action', sa.Text(), nullable=False),
        sa.Column('row_kind', sa.Text(), nullable=True),
        sa.Column('row_id', sa.BigInteger(), nullable=True),
        sa.Column('row_name', sa.Text(), server_default='', nullable=False),
        sa.Column('changes', postgresql.JSONB(), server_default='{}', nullable=False),
        sa.Column('facts', postgresql.JSONB(), server_default='{}', nullable=False),
    )


def upgrade():
    op.create_table(
        'audit_entry',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        *_columns(),
        sa.Column('customer_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_audit_entry_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_audit_entry')),
    )
    op.create_index('ix_audit_entry_at', 'audit_entry', ['at', 'id'])
    op.create_index('ix_audit_entry_newest', 'audit_entry', ['tenant_id', 'at', 'id'])
    op.create_index('ix_audit_entry_row', 'audit_entry', ['tenant_id', 'row_kind', 'row_id'], postgresql_where=sa.text('row_id IS NOT NULL'))
    op.create_index('ix_audit_entry_customer', 'audit_entry', ['tenant_id', 'customer_id'], postgresql_where=sa.text('customer_id IS NOT NULL'))
    op.create_table(
        'platform_audit_entry',
        *_columns(),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_platform_audit_entry')),
    )
    op.create_index('ix_platform_audit_entry_at', 'platform_audit_entry', ['at', 'id'])
    op.execute(KEEP)
    for table in ('audit_entry', 'platform_audit_entry'):
        op.execute(KEPT.format(table=table))
    op.execute(FORGET)
    op.execute(FORGOTTEN)


def downgrade():
    op.execute('DROP TRIGGER forget_in_audit_log ON customer')
    op.drop_table('platform_audit_entry')
    op.drop_table('audit_entry')
    op.execute('DROP FUNCTION forget_in_audit_log()')
    op.execute('DROP FUNCTION keep_audit_log()')

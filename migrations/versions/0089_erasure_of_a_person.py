"""erasure of a person

A customer is erased with all that names them. What stays is an opt-out, by a keyed hash of its address: a trigger
notes each address that becomes known where a business keeps such, and nothing leaves for it before somebody has
looked. What the audit log says of whoever is erased is emptied by a trigger, too, as nobody else may change it.

Revision ID: 0089
Revises: 0088
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0089'
down_revision = '0088'
branch_labels = None
depends_on = None

ASK = """
CREATE FUNCTION ask_of_kept_opt_outs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM kept_opt_out WHERE tenant_id = NEW.tenant_id) THEN
        INSERT INTO unasked_address (tenant_id, address, channel, at)
        VALUES (NEW.tenant_id, NEW.address, NEW.channel, now())
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$
"""
ASKED = """
CREATE TRIGGER ask_of_kept_opt_outs AFTER INSERT OR UPDATE OF channel, address ON contact_point
    FOR EACH ROW EXECUTE FUNCTION ask_of_kept_opt_outs()
"""
# By the words alone: what is about their own rows goes with them (forget_in_audit_log).
FORGET = """
CREATE FUNCTION forget_words_in_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_entry SET changes = '{}', facts = '{}', row_name = ''
    WHERE tenant_id = NEW.tenant_id AND (
        customer_id = NEW.customer_id
        OR EXISTS (
            SELECT FROM unnest(NEW.said) word
            WHERE strpos(lower(row_name || ' ' || changes::text || ' ' || facts::text), lower(word)) > 0
        )
    );
    NEW.said := NULL;
    RETURN NEW;
END $$
"""
FORGOTTEN = """
CREATE TRIGGER forget_words_in_audit_log BEFORE INSERT OR UPDATE ON erasure
    FOR EACH ROW WHEN (NEW.said IS NOT NULL) EXECUTE FUNCTION forget_words_in_audit_log()
"""


def upgrade():
    op.create_table(
        'erasure',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('customer_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.Text(), server_default='asked', nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('asked_by', sa.Text(), server_default='', nullable=False),
        sa.Column('try_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('claim', sa.Uuid(), nullable=True),
        sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
        sa.Column('waits', sa.Text(), server_default='', nullable=False),
        sa.Column('gone', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
        sa.Column('kept', sa.Integer(), server_default='0', nullable=False),
        sa.Column('files', sa.Integer(), server_default='0', nullable=False),
        sa.Column('unread_files', sa.Integer(), server_default='0', nullable=False),
        sa.Column('archive_id', sa.BigInteger(), nullable=True),
        sa.Column('archive_sha256', sa.Text(), nullable=True),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('said', sa.ARRAY(sa.Text()), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'forgotten', 'done')", name=op.f('ck_erasure_state_known')),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f('ck_erasure_over_when_done')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_erasure_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_erasure')),
        sa.UniqueConstraint('tenant_id', 'customer_id', name=op.f('uq_erasure_tenant_id_customer_id')),
    )
    op.create_index('ix_erasure_due', 'erasure', ['try_at'], postgresql_where=sa.text("state <> 'done'"))
    op.create_table(
        'kept_opt_out',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('digest', sa.Text(), nullable=False),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        sa.Column('accounts', sa.ARRAY(sa.Text()), server_default='{""}', nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_kept_opt_out_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'digest', 'channel', name=op.f('pk_kept_opt_out')),
    )
    op.create_table(
        'unasked_address',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('address', sa.Text(), nullable=False),
        sa.Column('channel', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_unasked_address_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'address', 'channel', name=op.f('pk_unasked_address')),
    )
    op.create_index(op.f('ix_unasked_address_at'), 'unasked_address', ['at'])
    op.create_table(
        'erased_message',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('digest', sa.Text(), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_erased_message_tenant_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_erased_message')),
        sa.UniqueConstraint('tenant_id', 'digest', name=op.f('uq_erased_message_tenant_id_digest')),
    )
    op.create_index(op.f('ix_erased_message_until'), 'erased_message', ['until'])
    for statement in (ASK, ASKED, FORGET, FORGOTTEN):
        op.execute(statement)


def downgrade():
    op.execute('DROP TRIGGER ask_of_kept_opt_outs ON contact_point')
    op.execute('DROP FUNCTION ask_of_kept_opt_outs()')
    for table in ('erasure', 'kept_opt_out', 'unasked_address', 'erased_message'):
        op.drop_table(table)
    op.execute('DROP FUNCTION forget_words_in_audit_log()')

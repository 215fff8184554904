"""merged customers

Two customers who turn out to be one person: what moved, and what it takes to undo it.

Revision ID: 0088
Revises: 0087
"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0088'
down_revision = '0087'
branch_labels = None
depends_on = None

SOURCES = "source IN ('keyword', 'carrier', 'staff', 'link', 'complaint', 'chat', 'import'{more})"
CONSTRAINTS = {
    'fk_customer_tenant_id_merged_into_id': (
        'FOREIGN KEY (tenant_id, merged_into_id) REFERENCES customer (tenant_id, id) ON DELETE CASCADE'
    ),
    'ck_customer_merged_into_another': 'CHECK (merged_into_id <> id)',
}
INDEX = 'ix_customer_merged_into ON customer (tenant_id, merged_into_id) WHERE merged_into_id IS NOT NULL'


def upgrade():
    op.create_table(
        'customer_merge',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('kept_id', sa.Integer(), nullable=False),
        sa.Column('gone_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('changed', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False),
        sa.CheckConstraint('kept_id <> gone_id', name=op.f('ck_customer_merge_two')),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_customer_merge_tenant_id'), ondelete='CASCADE'),
        *(
            sa.ForeignKeyConstraint(
                ['tenant_id', column],
                [f'{table}.tenant_id', f'{table}.id'],
                name=op.f(f'fk_customer_merge_tenant_id_{column}'),
                ondelete=ondelete,
            )
            for column, table, ondelete in (
                ('kept_id', 'customer', 'CASCADE'),
                ('gone_id', 'customer', 'CASCADE'),
                ('user_id', 'user', 'SET NULL (user_id)'),
            )
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_customer_merge')),
    )
    op.create_index('ix_customer_merge_kept', 'customer_merge', ['tenant_id', 'kept_id', 'id'])
    op.create_index('ix_customer_merge_gone', 'customer_merge', ['tenant_id', 'gone_id'])
    op.create_table(
        'customer_merge_part',
        sa.Column('tenant_id', sa.Integer(), nullable=False),
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('merge_id', sa.BigInteger(), nullable=False),
        sa.Column('table_name', sa.Text(), nullable=False),
        sa.Column('column_name', sa.Text(), nullable=False),
        sa.Column('ids', postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_customer_merge_part_tenant_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(
            ['tenant_id', 'merge_id'],
            ['customer_merge.tenant_id', 'customer_merge.id'],
            name=op.f('fk_customer_merge_part_tenant_id_merge_id'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('tenant_id', 'id', name=op.f('pk_customer_merge_part')),
    )
    op.create_index('ix_customer_merge_part_merge', 'customer_merge_part', ['tenant_id', 'merge_id'])
    _sources(", 'merge'")
    op.execute('ALTER TABLE customer ADD COLUMN IF NOT EXISTS merged_into_id integer')
    # Where there is data, it is indexed and checked while everybody writes, and so in no transaction.
    if op.get_bind().exec_driver_sql('SELECT FROM tenant LIMIT 1').all():
        with op.get_context().autocommit_block():
            _constrain('CONCURRENTLY', 'NOT VALID')
    else:
        _constrain('', '')


def _constrain(concurrently, unchecked):
    # Left by one that was cut off, and perhaps not whole.
    op.execute('DROP INDEX IF EXISTS ix_customer_merged_into')
    op.execute(f'CREATE INDEX {concurrently} {INDEX}')
    for name, says in CONSTRAINTS.items():
        op.execute(f'ALTER TABLE customer DROP CONSTRAINT IF EXISTS {name}')
        op.execute(f'ALTER TABLE customer ADD CONSTRAINT {name} {says} {unchecked}')
        if unchecked:
            op.execute(f'ALTER TABLE customer VALIDATE CONSTRAINT {name}')


def _sources(more):
    op.drop_constraint(op.f('ck_consent_event_source_known'), 'consent_event', type_='check')
    op.create_check_constraint(op.f('ck_consent_event_source_known'), 'consent_event', SOURCES.format(more=more))


def downgrade():
    op.drop_column('customer', 'merged_into_id')
    op.execute("DELETE FROM consent_event WHERE source = 'merge'")
    _sources('')
    op.drop_table('customer_merge_part')
    op.drop_table('customer_merge')

"""Keys begin with the tenant

The primary key of what belongs to a tenant becomes (tenant_id, id), in the place of one on the id
and another of the two, so that a table can be spread by tenant; its foreign keys come to stand on it.

Where there is data it goes step by step, each committed: an index is built while everybody writes,
a constraint is exchanged in a moment and checked while everybody writes. What is cut off goes on
when it is run again.

Revision ID: 0070
Revises: 0069
"""

from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

# The tables whose rows all have a tenant and are numbered, with their keys as they are by now.
TABLES = """
    SELECT oid::regclass::text AS "table", relname,
        (SELECT conkey[1] <> attnum FROM pg_constraint WHERE conrelid = pg_class.oid AND contype = 'p') AS by_id
    FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'tenant_id' AND attnotnull AND NOT attisdropped
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
        AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'id' AND NOT attisdropped)
    ORDER BY relname
"""
# What refers to a table by (tenant_id, id), but not by its primary key.
REFERENCES = """
    SELECT conrelid::regclass, conname, regexp_replace(pg_get_constraintdef(pg_constraint.oid), '( REFERENCES [^(]+)\\(tenant_id, id\\)', '\\1')
    FROM pg_constraint JOIN pg_index ON indexrelid = conindid
    WHERE contype = 'f' AND confrelid = '{table}'::regclass AND indisprimary = {primary}
    ORDER BY 1, 2
"""
UNCHECKED = """
    SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated
    ORDER BY 1, 2
"""


def upgrade():
    if _rows("SELECT FROM tenant LIMIT 1"):
        with op.get_context().autocommit_block():
            _upgrade("CONCURRENTLY", "NOT VALID")
    else:
        _upgrade("", "")


def _upgrade(concurrently, unchecked):
    for table, name, by_id in _rows(TABLES):
        if by_id:
            # Left by one that was cut off, and perhaps not whole.
            op.execute(f"DROP INDEX IF EXISTS pk_{name}_new")
            op.execute(f"CREATE UNIQUE INDEX {concurrently} pk_{name}_new ON {table} (tenant_id, id)")
            op.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT pk_{name},"
                f" ADD CONSTRAINT pk_{name} PRIMARY KEY USING INDEX pk_{name}_new"
            )
        for referring, key, says in _rows(REFERENCES.format(table=table, primary=False)):
            op.execute(
                f'ALTER TABLE {referring} DROP CONSTRAINT "{key}", ADD CONSTRAINT "{key}" {says} {unchecked}'
            )
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS uq_{name}_tenant_id_id")
    for referring, key in _rows(UNCHECKED):
        op.execute(f'ALTER TABLE {referring} VALIDATE CONSTRAINT "{key}"')


def downgrade():
    for table, name, _ in _rows(TABLES):
        references = _rows(REFERENCES.format(table=table, primary=True))
        for referring, key, _ in references:
            op.execute(f'ALTER TABLE {referring} DROP CONSTRAINT "{key}"')
        op.execute(
            f"ALTER TABLE {table} DROP CONSTRAINT pk_{name}, ADD CONSTRAINT pk_{name} PRIMARY KEY (id),"
            f" ADD CONSTRAINT uq_{name}_tenant_id_id UNIQUE (tenant_id, id)"
        )
        for referring, key, says in references:
            there = says.replace(f" REFERENCES {table}", f" REFERENCES {table}(tenant_id, id)")
            op.execute(f'ALTER TABLE {referring} ADD CONSTRAINT "{key}" {there}')


def _rows(query):
    return op.get_bind().exec_driver_sql(query).all()

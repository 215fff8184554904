"""Found without a tenant

What is found before anybody knows the tenant (by a random name, or in the order in which all came)
is found by an index that holds nothing unique: a unique key begins with the tenant.

Revision ID: 0069
Revises: 0068
"""

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

LINKED = "WHERE link IS NOT NULL"
INDEXES = {
    ("message", "id"): "",
    ("media", "id"): "",
    ("message", "public_id"): "",
    ("notification", "public_id"): "",
    ("notification", "link"): LINKED,
}


def upgrade():
    # An index is built while everybody writes, and so in no transaction, where there is data.
    if op.get_bind().exec_driver_sql("SELECT FROM tenant LIMIT 1").all():
        with op.get_context().autocommit_block():
            _upgrade("CONCURRENTLY")
    else:
        _upgrade("")


def _upgrade(concurrently):
    for (table, column), which in INDEXES.items():
        name = f"ix_{table}_{column}"
        # Left by one that was cut off, and perhaps not whole.
        op.execute(f"DROP INDEX IF EXISTS {name}")
        op.execute(f"CREATE INDEX {concurrently} {name} ON {table} ({column}) {which}")
    for table in ("message", "notification"):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS uq_{table}_public_id")
    op.execute("DROP INDEX IF EXISTS uq_notification_link")


def downgrade():
    op.execute(f"CREATE UNIQUE INDEX uq_notification_link ON notification (link) {LINKED}")
    for table in ("message", "notification"):
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT uq_{table}_public_id UNIQUE (public_id)")
    for table, column in INDEXES:
        op.execute(f"DROP INDEX ix_{table}_{column}")

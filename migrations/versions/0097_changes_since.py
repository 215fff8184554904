"""changes since

When a customer, an appointment and what is set up was changed last or deleted, for programs that keep a copy. Rows
that are there already count as changed now: whoever asks for what changed before this gets all of them.

Revision ID: 0097
Revises: 0096
"""

from alembic import op
import sqlalchemy as sa

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

# What the API tells of each (tests/web/api/test_changes.py holds that nothing of it is missing).
OF = {
    "appointment": "customer_id, attendee_id, attendee_name, service_id, staff_member_id, starts_at, duration_minutes,"
    " status, external_id, notes",
    "customer": "first_name, last_name, language, preferred_channel, timezone, external_id, notes, reached_through_id,"
    " merged_into_id",
    "label": "name, colour",
    "message_template": "type, channel, language, subject, body, updated_at",
    "service": "name, duration_minutes, active",
    "staff_member": "name, active",
}
ADDRESS = "channel, address, invalid_since, customer_id"
# A business that is deleted takes its rows along, and the marks with them.
MARK = """
CREATE FUNCTION mark_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    marked record;
BEGIN
    marked := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    INSERT INTO change_mark (tenant_id, kind, row_id, at, gone)
    SELECT marked.tenant_id, TG_TABLE_NAME, marked.id, clock_timestamp(), TG_OP = 'DELETE'
    WHERE EXISTS (SELECT FROM tenant WHERE id = marked.tenant_id)
    ON CONFLICT (tenant_id, kind, row_id) DO UPDATE SET at = excluded.at, gone = excluded.gone;
    RETURN NULL;
END $$
"""
# An address is told with its customer, of whom it may be all that is left.
MARK_CUSTOMERS = """
CREATE FUNCTION mark_customers(whose integer, VARIADIC ids integer[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO change_mark (tenant_id, kind, row_id, at, gone)
    SELECT whose, 'customer', id, clock_timestamp(), false FROM customer
    WHERE tenant_id = whose AND id = ANY (ids) ORDER BY id
    ON CONFLICT (tenant_id, kind, row_id) DO UPDATE SET at = excluded.at
$$
"""
MARK_HAVING = """
CREATE FUNCTION mark_having_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM mark_customers(OLD.tenant_id, OLD.customer_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM mark_customers(NEW.tenant_id, NEW.customer_id);
    END IF;
    RETURN NULL;
END $$
"""
MARK_STOPPED = """
CREATE FUNCTION mark_stopped() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said record;
BEGIN
    said := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    PERFORM mark_customers(said.tenant_id, VARIADIC ARRAY(
        SELECT customer_id FROM contact_point WHERE tenant_id = said.tenant_id AND address = said.address
    ));
    RETURN NULL;
END $$
"""
TRIGGERS = {
    **{table: (columns, "mark_change") for table, columns in OF.items()},
    "contact_point": (ADDRESS, "mark_having_address"),
    "opt_out": ("accounts", "mark_stopped"),
}


def upgrade():
    op.create_table(
        "change_mark",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_change_mark_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "row_id", name=op.f("pk_change_mark")),
    )
    for function in (MARK, MARK_CUSTOMERS, MARK_HAVING, MARK_STOPPED):
        op.execute(function)
    for table, (columns, function) in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER mark_change AFTER INSERT OR DELETE OR UPDATE OF {columns} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    for table in OF:
        op.execute(f"INSERT INTO change_mark SELECT tenant_id, '{table}', id, now(), false FROM {table}")
    op.create_index("ix_change_mark_at", "change_mark", ["tenant_id", "kind", "at", "row_id"])


def downgrade():
    for table in TRIGGERS:
        op.execute(f"DROP TRIGGER mark_change ON {table}")
    for function in ("mark_change", "mark_having_address", "mark_stopped"):
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION mark_customers(integer, integer[])")
    op.drop_table("change_mark")

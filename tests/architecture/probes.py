"""What the tests of all routes share: every role's browser, addresses, and a look at all rows."""

import hashlib
from typing import Any

from sqlalchemy import Connection, create_engine, text

from app.extensions import db
from tests.support.browser import Browser
from tests.support.world import Business, operator

# Stands in every text of the stranger's rows, and nowhere else.
MARK = "zebra"
# Columns of the stranger's rows that a page could show.
TEXTS = {
    "customer": ("first_name", "last_name", "notes"),
    "contact_point": ("address",),
    "conversation": ("preview",),
    "message": ("body", "sender", "recipient"),
    "message_template": ("body", "subject"),
    "whatsapp_template": ("name", "body"),
    "appointment": ("notes",),
    "call": ("caller", "notes"),
    "service": ("name",),
    "staff_member": ("name",),
    "media": ("url", "error"),
    "user": ("name",),
}
ROLES = ("anonymous", "staff", "tenant_admin", "operator outside", "operator inside")


def browser(role: str, business: Business) -> Browser:
    """Somebody of that role, of the business or within it."""
    match role:
        case "anonymous":
            return Browser()
        case "staff":
            return Browser(business.staff)
        case "tenant_admin":
            return Browser(business.admin)
    person = Browser(operator())
    if role == "operator inside":
        assert person.post(f"/admin/tenants/enter/{business.id}").status_code == 302
    return person


class Onlooker:
    """Sees all rows of all tables, over a connection of its own."""

    def __init__(self) -> None:
        self._engine = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
        self._connection: Connection = self._engine.connect()
        names = [table.name for table in db.metadata.sorted_tables]
        rows = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text))"
        self._all = text(" UNION ALL ".join(f'({rows} FROM "{name}" t)' for name in names))
        self._snapshot, self._sums = "", list[str]()

    def picture(self) -> list[str]:
        """A sum for each table, which changes when any row does."""
        # The same snapshot sees the same rows, and is told a hundred times as fast.
        [(snapshot,)] = self.ask("SELECT pg_current_snapshot()::text")
        if snapshot != self._snapshot:
            self._snapshot = snapshot
            self._sums = [str(row[0]) for row in self._connection.execute(self._all)]
        return self._sums

    def ask(self, query: str, **values: Any) -> list[Any]:
        return list(self._connection.execute(text(query), values).all())

    def mark(self, tenant_id: int) -> None:
        """Write the mark into every text of the tenant's rows."""
        for table, columns in TEXTS.items():
            marked = ", ".join(f"{column} = '{MARK} ' || id" for column in columns)
            self._connection.execute(
                text(f'UPDATE "{table}" SET {marked} WHERE tenant_id = :tenant'),
                {"tenant": tenant_id},
            )
        self._connection.execute(
            text("UPDATE tenant SET name = :name WHERE id = :tenant"),
            {"name": f"{MARK} business", "tenant": tenant_id},
        )

    def let_all_back_in(self) -> None:
        """As if nobody had signed out."""
        self._connection.execute(text("UPDATE user_session SET ended_at = NULL"))

    def some(self, table: str, tenant_id: int) -> int:
        """The id of a row of the tenant's."""
        query = f'SELECT min(id) FROM "{table}" WHERE tenant_id = :tenant'
        return int(self.ask(query, tenant=tenant_id)[0][0])

    def close(self) -> None:
        self._connection.close()
        self._engine.dispose()


def digest(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()

"""What the tests of all routes share: every role's browser, addresses, and a look at all rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.orm import Session

from app import tenancy
from app.extensions import db
from tests.support.browser import Browser
from tests.support.world import Business, operator

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
        # Side by side on tables that have grown, the parts come in no order of their own.
        sums = " UNION ALL ".join(f"({rows}, '{name}' AS name FROM \"{name}\" t)" for name in names)
        self._all = text(f"{sums} ORDER BY name")
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


@contextmanager
def without_the_hook() -> Iterator[None]:
    """The first wall is gone: the session's hook, the guard of its flush, and its get()."""
    hooks = (
        ("do_orm_execute", tenancy.narrow_to_tenant),
        ("before_flush", tenancy.refuse_foreign_rows),
    )
    for name, hook in hooks:
        event.remove(Session, name, hook)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.delattr(tenancy.OneTenantSession, "get")
            yield
    finally:
        for name, hook in hooks:
            event.listen(Session, name, hook)

"""What fills an argument or a field: a row of one's own, a foreign one, nobody's, or nonsense."""

from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import Table
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter, IntegerConverter

from app.exports import export_link
from app.extensions import db
from app.lib.mail.reply_link import signed
from app.lib.time.clock import now
from app.models import TenantExport
from app.notifications.content import manage_link
from app.notifications.content.manage_link import Named
from app.outbox.compose import unsubscribe
from app.outbox.compose.attachments import public_url
from app.outbox.reply_to.reply_address import keys
from hostile.onlooker import Onlooker
from hostile.rows import mailbox, token
from hostile.tables import tables, tables_with
from tests.support.world import Business

NO_IDS = (
    *("-1", "1,2", " 1", "1_0", "\u0661", "1\x00", "' OR 1=1", "abc"),
    *(str(2**31), str(2**63 - 1), str(2**63), str(10**30), "9" * 5000),
)
# Of a table that has more, so many rows are tried.
ROWS = 3


class Unfillable(Exception):
    """A route's argument that no row and no rule of ours can fill; the text says which."""


class Values:
    """Of every table and name, what the businesses have."""

    def __init__(self, app: Flask, onlooker: Onlooker) -> None:
        self._app, self._onlooker = app, onlooker

    def ids(self, table: str, owner: Business) -> list[str]:
        """The first of the business's rows, and the last."""
        return _ids(self._onlooker, table, owner.id)

    def fill(self, rule: Rule, name: str, owner: Business) -> list[str]:
        """What the argument can be with the business's rows. Raises Unfillable."""
        converter = rule._converters[name]
        if isinstance(converter, AnyConverter):
            return sorted(converter.items)
        if isinstance(converter, IntegerConverter):
            return self.ids(self.table(name, rule.endpoint), owner)
        return self._named(rule, name, owner)

    def table(self, name: str, endpoint: str) -> str:
        """The table that a key names. Raises Unfillable."""
        noun, panel = name.removesuffix("_id"), endpoint.partition(".")[0]
        found = [each for each in _keyed() if each == noun or each.endswith(f"_{noun}")]
        best = [each for each in found if each == noun or each in (panel, panel[:-1])]
        if len(best or found) != 1:
            raise Unfillable(f"{endpoint} has {name}, and no table is called so: teach values.py")
        return (best or found)[0]

    def _token(self, rule: Rule, owner: Business) -> list[str]:
        """What is signed for whoever may open it. Raises Unfillable."""
        match rule.endpoint.partition(".")[0]:
            case "media":
                return [public_url(int(id_)).rpartition("/")[2] for id_ in self._files(owner)]
            case "forgot_password" | "invitation" | "calendar_feed":
                return [token(owner)]
            case "reply_address":
                return [signed(keys(), owner.id, mailbox(owner), now())]
            case "own_appointment":
                ids = map(int, self.ids("appointment", owner))
                return [manage_link.name_of(Named(owner.id, id_)) for id_ in ids]
            case "tenant_exports":
                exports = self.ids("tenant_export", owner)
                rows = (TenantExport(tenant_id=owner.id, id=int(id_)) for id_ in exports)
                return [export_link.token(row) for row in rows]
            case "unsubscribe":
                names = self.named("message", "public_id", owner)
                mail = f"ann@{owner.slug}.test"
                links = [unsubscribe.url(owner.id, "email", mail, UUID(name)) for name in names[:1]]
                return [*(link.rpartition("/")[2] for link in links), *names]
        raise Unfillable(f"{rule} has a token, and nobody can make one: teach values.py")

    def named(self, table: str, column: str, owner: Business) -> list[str]:
        """What the column says in the business's rows."""
        return [text for text in self._column(db.metadata.tables[table], column, owner) if text]

    @cache  # noqa: B019 (there is one, as long as the program runs)
    def texts(self, table: str, column: str, owner: int) -> list[str]:
        query = f'SELECT DISTINCT {column}::text FROM "{table}" WHERE tenant_id = :owner'
        found = [row[0] for row in self._onlooker.ask(query, owner=owner)]
        return sorted(text for text in found if text)[:2]

    def _named(self, rule: Rule, name: str, owner: Business) -> list[str]:
        if name == "filename":
            return ["css/shell/shell.css" if rule.endpoint == "static" else "admin/js/actions.js"]
        if name == "export_type":
            return ["csv"]
        if name == "vendor":
            return ["google"]
        if name == "id_":
            return self.ids(self.table(of_api(rule.endpoint), rule.endpoint), owner)
        if name == "token":
            return self._token(rule, owner)
        found = tables_with(name)
        if not found:
            raise Unfillable(f"{rule} has {name}, and no column is called so: teach values.py")
        return [value for table in found for value in self._column(table, name, owner)]

    @cache  # noqa: B019 (likewise)
    def _column(self, table: Table, name: str, owner: Business) -> list[str]:
        key = "id" if table.name == "tenant" else "tenant_id"
        query = f'SELECT {name}::text FROM "{table.name}" WHERE {key} = :owner ORDER BY id'
        return [str(value or "") for (value,) in self._onlooker.ask(query, owner=owner.id)]

    @cache  # noqa: B019 (likewise)
    def _files(self, owner: Business) -> list[str]:
        return [
            str(row[0])
            for row in self._onlooker.ask(
                "SELECT id FROM media WHERE url = '' AND tenant_id = :owner", owner=owner.id
            )
        ]


@cache
def _ids(onlooker: Onlooker, table: str, owner: int) -> list[str]:
    key = "id" if table == "tenant" else "tenant_id"
    query = f'SELECT id FROM "{table}" WHERE {key} = :owner ORDER BY id'
    found = [str(id_) for (id_,) in onlooker.ask(query, owner=owner)]
    return list(dict.fromkeys([*found[: ROWS - 1], *found[-1:]]))


@cache
def _keyed() -> list[str]:
    """Tables whose rows have a number of their own."""
    return [table.name for table in tables() if "id" in table.c]


@cache
def foreign_keys() -> dict[str, str]:
    """The names under which rows refer to others, as columns, as fields, and what they mean."""
    names: dict[str, str] = {}
    for table in tables():
        for key in table.foreign_keys:
            name = key.parent.name
            if key.column.name == "id":
                names[name] = names[name.removesuffix("_id")] = key.column.table.name
    return names


def own_arguments(values: Values, rule: Rule, owner: Business) -> dict[str, list[str]]:
    wanted = rule.arguments - (rule.defaults or {}).keys()
    return {name: values.fill(rule, name, owner) for name in sorted(wanted)}


def built(rule: Rule, given: dict[str, Any]) -> str:
    """The path, also of what the rule would not build."""
    path = rule.rule
    for name, value in given.items():
        path = _replaced(path, name, value)
    return path


def _replaced(path: str, name: str, value: str) -> str:
    before, _, rest = path.partition(f"{name}>")
    return f"{before.rpartition('<')[0]}{value}{rest}"


def nonsense(argument: bool) -> Iterator[str]:
    """What is no id of any row; in a path without what would end it."""
    for id_ in NO_IDS:
        yield id_.replace("/", "") if argument else id_


def of_api(endpoint: str) -> str:
    """The table of a resource of the API: of api.customers_one customer."""
    noun = endpoint.partition(".")[2].rpartition("_")[0].removesuffix("s")
    others = {"attachment": "media", "template": "message_template", "webhook": "webhook_endpoint"}
    return others.get(noun, noun)

"""A mark in every text of every row that is somebody's, and where it is found afterwards."""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from redis import Redis
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Connection,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    LargeBinary,
    Table,
    Text,
    Uuid,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from app.extensions import db
from app.inbound.social.kept_events import NAME, SHOWN
from app.models import Customer
from app.privacy.personal_data import PERSONAL
from tests.support import owner
from tests.support.world import NOON

TEXTS = (Text, JSONB, LargeBinary, TSVECTOR, ARRAY)
# Columns of words of the program's, which are counted, and no texts.
CODES = {
    "channel": "sms",
    "last_channel": "sms",
    "last_direction": "inbound",
    "type": "appointment_reminder",
    "cause": "unreachable",
    "language": "en",
    "preferred_channel": "sms",
    "timezone": "America/New_York",
    # Of the audit log: who it was, and what they did.
    "actor_name": "Ada",
    "action": "changed",
    "row_kind": "service",
}
WRITTEN_BY_TRIGGERS = ("customer_words",)
TABLES = {kind.__tablename__: kind.__table__ for kind in PERSONAL}


def plant(tenant_id: int, mark: str) -> int:
    """A new customer of the business with one row at least in each table that names a customer;
    their id. The mark is an email address, and stands in each text."""
    with owner.engine().connect() as connection:
        planter = _Planter(connection, tenant_id, mark)
        first = Customer.__table__
        others = [table for table in db.metadata.sorted_tables if table is not first]
        for table in (first, *others):
            if table.name in TABLES:
                planter.insert(table)
        planter.more()
    return planter.ids["customer"]


@dataclass
class _Planter:
    connection: Connection
    tenant_id: int
    mark: str
    ids: dict[str, int] = field(default_factory=dict)
    """Of the last row in each table."""

    def insert(self, table: Table, **given: Any) -> None:
        made = {
            column.name: self._value(table, column)
            for column in table.columns
            if not column.computed and not column.identity and column.name != "id"
        }
        values = made | self._special(table.name) | given
        if table.name in WRITTEN_BY_TRIGGERS:
            keys = list(table.primary_key.columns)
            self.connection.execute(table.delete().where(*(c == values[c.name] for c in keys)))
        row = table.insert().values(values)
        if "id" not in table.columns:
            self.connection.execute(row)
        else:
            self.ids[table.name] = self.connection.execute(row.returning(table.c.id)).scalar_one()

    def _value(self, table: Table, column: Column[Any]) -> Any:
        if column.name == "tenant_id":
            return self.tenant_id
        if key := _key(table, column.name):
            return self._row_of(table, key, column)
        if column.name in CODES and isinstance(column.type, Text):
            return CODES[column.name]
        if isinstance(column.type, Enum):
            return "received"
        if said := _allowed(table, column.name):
            return said
        if _is_text(column):
            return _text(column, self.mark)
        if column.name == "customer_id":
            return self.ids["customer"]
        return None if column.nullable else _plain(column)

    def _row_of(self, table: Table, key: ForeignKeyConstraint, column: Column[Any]) -> int | None:
        whose = key.referred_table
        if whose.name == table.name:
            return None
        if whose.name in self.ids:
            return self.ids[whose.name]
        return None if column.nullable else self._any(whose)

    def _any(self, table: Table) -> int:
        there = select(table.c.id).where(table.c.tenant_id == self.tenant_id)
        id_: int = self.connection.execute(there.order_by(table.c.id).limit(1)).scalar_one()
        return id_

    def _special(self, name: str) -> dict[str, Any]:
        """What a table's constraints want, or by what a row is known for somebody's."""
        customer, mark = self.ids.get("customer"), self.mark
        body = {"data": {"customer_id": str(customer), "planted": mark}}
        told = {"values": {"customer_id": customer, "planted": mark}, "sent_at": None}
        return {
            "appointment": {"attendee_id": None},
            "broadcast_recipient": {"decided_at": NOON},
            "customer_merge": {"gone_id": self._any(Customer.__table__)},
            "call": {"outcome": "answered"},
            "chat_block": {"network": None},
            "opt_out": {"accounts": [""]},
            "media": {"id": (customer or 0) + 1000},
            "parked": {"media_id": None, "sid": None},
            "webhook_delivery": {"payload": json.dumps(body), "status": "delivered"},
            "user_email": told
            | {"address": None, "once": f"{self.tenant_id} {mark}"}
            | {"user_id": self._any(db.metadata.tables["user"])},
            "import_change": {"what": "customer", "row_id": customer},
            "automation_run": {"status": "done", "done_at": NOON},
            "scheduled_message": {"send_at": NOON + timedelta(days=36_500)},
        }.get(name, {})

    def more(self) -> None:
        """Second rows, where a table names somebody in several ways; and in rows of many."""
        tables = db.metadata.tables
        alone = {"message_id": None, "media_id": None}
        self.insert(tables["parked"], **alone, sid=NAME + self.mark[:SHOWN])
        nobodys = {"customer_id": None, "provider_sid": f"CA {self.mark}"}
        self.insert(tables["call"], **nobodys)
        self.insert(tables["audit_entry"], customer_id=None)
        reasons = [[3, f"“{self.mark}” is no number"], [4, "no start"]]
        over = {"status": "done", "finished_at": NOON, "columns": []}
        self.insert(tables["appointment_import"], reasons=reasons, made=[], **over)
        self.insert(tables["saved_view"], user_id=None)


def _is_text(column: Column[Any]) -> bool:
    numbers = isinstance(column.type, ARRAY) and not isinstance(column.type.item_type, Text)
    return isinstance(column.type, TEXTS) and not numbers


def _key(table: Table, name: str) -> ForeignKeyConstraint | None:
    keys = (each for each in table.foreign_key_constraints if name in each.column_keys)
    return next((each for each in keys if len(each.column_keys) > 1), None)


def _allowed(table: Table, name: str) -> str | None:
    """The first of the words that a constraint lets the column have."""
    checks = (each for each in table.constraints if isinstance(each, CheckConstraint))
    said = (re.search(rf"\b{name} IN \('(\w+)'", str(each.sqltext)) for each in checks)
    return next((found[1] for found in said if found), None)


def _text(column: Column[Any], mark: str) -> Any:
    if isinstance(column.type, JSONB):
        return {"planted": mark}
    if isinstance(column.type, ARRAY):
        return [mark]
    return mark.encode() if isinstance(column.type, LargeBinary) else mark


def _plain(column: Column[Any]) -> Any:
    if isinstance(column.type, ARRAY):
        return []
    kinds = {DateTime: NOON, Date: NOON.date(), Uuid: uuid.uuid4()}
    found = next((value for kind, value in kinds.items() if isinstance(column.type, kind)), None)
    return found if found is not None else column.type.python_type(1)


def found(tenant_id: int, mark: str) -> dict[str, list[str]]:
    """By table the rows of the business, or of tables of no business, in which the mark stands."""
    rows: dict[str, list[str]] = {}
    with owner.engine().connect() as connection:
        for table in db.metadata.sorted_tables:
            its = f" AND tenant_id = {tenant_id}" if "tenant_id" in table.columns else ""
            query = f'SELECT row::text FROM "{table.name}" row WHERE row::text ILIKE ANY(%s){its}'
            some = connection.exec_driver_sql(query, (_forms(mark),)).scalars().all()
            rows |= {table.name: sorted(some)} if some else {}
    return rows


def unplanted(mark: str) -> set[str]:
    """The columns for texts of somebody's tables in which the mark does not stand."""
    with owner.engine().connect() as connection:
        return {each for table in TABLES.values() for each in _without(connection, table, mark)}


def _without(connection: Connection, table: Table, mark: str) -> Iterator[str]:
    texts = [
        each
        for each in table.columns
        if _is_text(each) and each.name not in CODES and not _allowed(table, each.name)
    ]
    if texts:
        marked = ", ".join(f'bool_or("{each.name}"::text ILIKE ANY(%s))' for each in texts)
        query = f'SELECT {marked} FROM "{table.name}"'
        row = connection.exec_driver_sql(query, tuple([_forms(mark)] * len(texts))).one()
        yield from (
            f"{table.name}.{each.name}" for each, is_in in zip(texts, row, strict=True) if not is_in
        )


def _forms(mark: str) -> list[str]:
    """As a text has it, and bytes."""
    return [f"%{mark}%", f"%{mark.encode().hex()}%"]


def of_business(tenant_id: int) -> dict[str, list[str]]:
    """All of its rows, as text."""
    rows = {}
    with owner.engine().connect() as connection:
        for table in db.metadata.sorted_tables:
            if "tenant_id" in table.columns:
                query = f'SELECT row::text FROM "{table.name}" row WHERE tenant_id = %s'
                rows[table.name] = sorted(connection.exec_driver_sql(query, (tenant_id,)).scalars())
    return rows


def in_redis(redis: Redis) -> Iterator[str]:
    """All that stands there."""
    readers = {b"string": "get", b"hash": "hgetall", b"set": "smembers"}
    for key in redis.scan_iter("*"):
        kind = redis.type(key)
        if reader := readers.get(kind):
            yield f"{key} {getattr(redis, reader)(key)}"
        elif kind == b"zset":
            yield f"{key} {redis.zrange(key, 0, -1)}"
        else:
            yield f"{key} {redis.lrange(key, 0, -1)}"

"""A table is put into parts, and back, with all that stands on it and is in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from app.models import AutomationEvent, Customer, EventType, Origin
from app.partitions import spread
from app.partitions.spread_tables import SPREAD
from tests.architecture.test_tenants_tables import EVERYWHERE
from tests.support import owner
from tests.support.world import Business

# One with a function that takes its rows, a trigger, an identity and references both ways.
EVENTS: Any = AutomationEvent.__table__
TABLE = "automation_event"


@pytest.fixture
def connection(salon: Business) -> Iterator[Connection]:
    with owner.engine().connect() as connection:
        connection.execution_options(isolation_level="READ COMMITTED")
        yield connection
        connection.rollback()


def test_a_table_goes_into_parts_and_back_with_all_that_stands_on_it(
    connection: Connection, salon: Business, garage: Business
) -> None:
    for business in (salon, garage):
        _happens(connection, business)
    rows, stands = _rows(connection), _stands(connection)
    assert len(rows) == 2 and {"function", "trigger", "policy", "reference"} <= stands.keys()
    before = spread.parts(connection, TABLE)
    for count in (3, 0, before):
        spread.spread(connection, count, (TABLE,))
        assert spread.parts(connection, TABLE) == count
        assert (_rows(connection), _stands(connection)) == (rows, stands)
    _happens(connection, salon)
    assert len({row[1] for row in _rows(connection)}) == 3, "the ids go on"


def test_what_is_spread_is_no_table_that_has_to_be_everywhere() -> None:
    assert not set(SPREAD) & EVERYWHERE
    assert {AutomationEvent.__tablename__, Customer.__tablename__} <= set(SPREAD)


def _happens(connection: Connection, to: Business) -> None:
    of = {"tenant_id": to.id, "customer_id": to.customer_id, "at": func.now(), "due_at": func.now()}
    kind = {"type": EventType.MESSAGE_RECEIVED, "origin": Origin.CUSTOMER}
    connection.execute(insert(EVENTS).values(**of, **kind))


def _rows(connection: Connection) -> list[tuple[object, ...]]:
    return sorted(map(tuple, connection.execute(select(EVENTS))))


def _stands(connection: Connection) -> dict[str, list[str]]:
    found = spread.pieces(connection, [TABLE])
    return {kind: sorted(statements) for kind, statements in found.items()}

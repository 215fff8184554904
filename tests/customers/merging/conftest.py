"""Two customers of the salon who are one person: Ann, whom the team knows well, and whoever wrote
from another number. And the stranger's customer, as ever."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import ContactPoint
from app.tenancy import tenant_scope
from tests.support import owner
from tests.support.world import NOON, Business, hear

ANOTHER = "+12125550177"
# What a merge and its undoing write down for ever.
LEDGERS = {"customer_merge", "customer_merge_part", "consent_event", "audit_entry"}
# What is counted anew, and what a look at anything counts.
COUNTED = {"change_mark", "rollup_change", "conversation_count", "message_count"}


class Two(NamedTuple):
    ann: int
    other: int


@pytest.fixture
def two(salon: Business, garage: Business) -> Two:
    hear(salon, "It is Ann, with my new telephone", number=ANOTHER, at=NOON)
    with tenant_scope(salon.id):
        point = select(ContactPoint.customer_id).where(ContactPoint.address == ANOTHER)
        other = db.session.scalars(point).one()
    db.session.remove()
    return Two(salon.customer_id, other)


@pytest.fixture
def in_scope(salon: Business) -> Iterator[None]:
    with tenant_scope(salon.id):
        yield
        db.session.rollback()


def everything() -> dict[str, list[Any]]:
    """All rows of all tables."""
    with owner.engine().connect() as connection:
        return {
            table.name: sorted(
                map(str, connection.exec_driver_sql(f'SELECT t::text FROM "{table.name}" t'))
            )
            for table in db.metadata.sorted_tables
            if table.name not in LEDGERS | COUNTED
        }

"""What staff pin to a customer: once, by whom, and never over what a colleague wrote meanwhile."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.memory import pinned_facts
from app.memory.pinned_facts import LONGEST, MOST, NotPinned, change, pin, pinned, unpin
from app.models import PinnedFact, User
from app.tenancy import tenant_scope
from tests.support.world import NOON, Business

LATER = NOON + timedelta(days=1)


def staff_id(owner: Business) -> int:
    return db.session.scalars(select(User.id).where(User.email == owner.staff)).one()


def row() -> PinnedFact:
    return db.session.scalars(select(PinnedFact)).one()


def told(customer_id: int) -> list[tuple[str, str | None]]:
    return [(each.fact, each.who) for each in pinned(customer_id)]


def test_a_fact_says_who_wrote_it_and_when(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        pin(salon.customer_id, "  Allergic to\nammonia ", staff_id(salon), LATER)
        pin(salon.customer_id, "Allergic to ammonia", None, LATER)
        db.session.commit()
        assert told(salon.customer_id) == [
            ("Pinned by salon", None),
            ("Allergic to ammonia", "Staff"),
        ]
        assert pinned(salon.customer_id)[1].at == LATER
        assert told(garage.customer_id) == []
        with pytest.raises(NotPinned):
            pin(garage.customer_id, "Not ours", None, LATER)
    with tenant_scope(garage.id):
        assert told(garage.customer_id) == [("Pinned by garage", None)]


def test_a_colleagues_change_is_not_overwritten(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        change(row(), "Parks behind the house", 1, staff_id(salon), LATER)
        db.session.commit()
        with pytest.raises(NotPinned, match="“Parks behind the house”"):
            change(row(), "Parks in front", 1, None, LATER)
        with pytest.raises(NotPinned, match="“Parks behind the house”"):
            unpin(row(), 1)
        assert told(salon.customer_id) == [("Parks behind the house", "Staff")]
        mine = row()
        unpin(row(), 2)
        db.session.commit()
        with pytest.raises(NotPinned, match="took it off"):
            change(mine, "Parks in front", 2, None, LATER)


def test_what_is_pinned_is_short_and_little(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        for wrong in ("", " \u200b ", "x" * (LONGEST + 1)):
            with pytest.raises(NotPinned):
                pin(salon.customer_id, wrong, None, NOON)
        pin(salon.customer_id, "Second", None, NOON)
        db.session.flush()
        with pytest.raises(NotPinned, match="already"):
            change(row_of("Second"), "Pinned by salon", 1, None, NOON)
        for number in range(2, MOST):
            pin(salon.customer_id, f"Fact {number}".ljust(LONGEST, "!"), None, NOON)
        with pytest.raises(NotPinned, match="Unpin one"):
            pin(salon.customer_id, "One more", None, NOON)
        assert len(pinned_facts.pinned(salon.customer_id)) == MOST


def row_of(fact: str) -> PinnedFact:
    return db.session.scalars(select(PinnedFact).where(PinnedFact.fact == fact)).one()

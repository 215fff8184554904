"""Conditions on what is remembered of a customer: visits up to the moment, and what is pinned."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Appointment, PinnedFact, Service
from app.models.appointment import AppointmentStatus
from app.tenancy import tenant_scope
from tests.automation.conditions.test_conditions import met
from tests.automation.rules import THEN, outside
from tests.support.world import Business

DAY = timedelta(days=1)
COLOUR, CUT = "colour", "cut"


@pytest.fixture
def visited(inside: Business, garage: Business) -> dict[str, str]:
    """Two visits, the last a colour ten days ago; one that is marked before its time, one to
    which nobody came; a stranger has been there every day. The services' ids."""
    colour = Service(name="Colour", duration_minutes=90)
    db.session.add(colour)
    db.session.flush()
    ids = {CUT: db.session.scalars(select(Service.id).limit(1)).one(), COLOUR: colour.id}
    for days, service, status in (
        (-40, CUT, AppointmentStatus.COMPLETED),
        (-10, COLOUR, AppointmentStatus.COMPLETED),
        (-2, CUT, AppointmentStatus.NO_SHOW),
        (3, CUT, AppointmentStatus.COMPLETED),
    ):
        db.session.add(_visit(inside, days, status, ids[service]))
    db.session.commit()
    with outside(), tenant_scope(garage.id):
        done = AppointmentStatus.COMPLETED
        db.session.add_all(_visit(garage, -each, done, None) for each in range(1, 9))
        db.session.commit()
    return {name: str(id_) for name, id_ in ids.items()}


def _visit(owner: Business, days: int, status: str, service_id: int | None) -> Appointment:
    at = THEN + days * DAY
    about: dict[str, Any] = {"customer_id": owner.customer_id, "service_id": service_id}
    return Appointment(starts_at=at, status=status, **about)


@pytest.mark.parametrize(
    ("how", "count", "holds"),
    [("least", 2, True), ("least", 3, False), ("most", 2, True), ("most", 1, False)],
)
def test_visits(
    inside: Business, visited: dict[str, str], how: str, count: int, holds: bool
) -> None:
    assert met(inside, ("visits", {"how": how, "count": count})) is holds


@pytest.mark.parametrize(
    ("how", "days", "holds"),
    [("longer", 10, True), ("longer", 11, False), ("shorter", 11, True), ("shorter", 10, False)],
)
def test_the_last_visit(
    inside: Business, visited: dict[str, str], how: str, days: int, holds: bool
) -> None:
    assert met(inside, ("last_visit", {"how": how, "days": days})) is holds


@pytest.mark.parametrize("how", ["longer", "shorter"])
def test_a_last_visit_that_never_was_is_neither(inside: Business, how: str) -> None:
    assert not met(inside, ("last_visit", {"how": how, "days": 1}))


@pytest.mark.parametrize(
    ("is_", "service", "holds"),
    [("is", COLOUR, True), ("is", CUT, False), ("not", CUT, True), ("not", COLOUR, False)],
)
def test_the_service_of_the_last_visit(
    inside: Business, visited: dict[str, str], is_: str, service: str, holds: bool
) -> None:
    condition = ("last_service", {"is": is_, "services": [visited[service]]})
    assert met(inside, condition) is holds


@pytest.mark.parametrize(
    ("is_", "words", "holds"),
    [
        ("is", ["ammonia"], True),
        ("is", ["monia", "garage"], False),
        ("not", ["garage"], True),
        ("not", ["AMMONIA"], False),
    ],
)
def test_what_is_pinned(inside: Business, is_: str, words: list[str], holds: bool) -> None:
    fact = "Allergic to Ammónia"
    db.session.add(PinnedFact(customer_id=inside.customer_id, fact=fact, at=THEN))
    db.session.commit()
    assert met(inside, ("pinned", {"is": is_, "words": words})) is holds

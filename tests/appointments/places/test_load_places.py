"""Free places as the rows of a business are, beside a stranger's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.appointments.places.free_places import Place
from app.appointments.places.load_places import Booked, places_for, places_of
from app.extensions import db
from app.models import Appointment, Service, ServiceStaff, StaffMember
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.diary import at
from tests.support.working import MORNINGS, days, opens, person, works
from tests.support.world import Business

NEW_YORK = ZoneInfo("America/New_York")
DAY = "2026-11-24"
HALF = timedelta(minutes=30)


@pytest.fixture
def dye(salon: Business, garage: Business) -> Service:
    """Two hours, of which half an hour is after it; the salon is open in the mornings."""
    opens(salon, MORNINGS)
    opens(garage, MORNINGS)
    with tenant_scope(salon.id):
        made = Service(name="Dye", duration_minutes=90, buffer_minutes=30)
        db.session.add(made)
        db.session.commit()
        return made


def book(salon: Business, wall: str, minutes: int, who: int | None, **more: object) -> int:
    with tenant_scope(salon.id):
        made = Appointment(
            customer_id=salon.customer_id,
            starts_at=at(f"{DAY} {wall}"),
            duration_minutes=minutes,
            staff_member_id=who,
            **more,
        )
        db.session.add(made)
        db.session.commit()
        return made.id


def asked(salon: Business, dye: Service) -> list[Place]:
    with tenant_scope(salon.id):
        return places_of(dye, *between())


def between() -> tuple[datetime, datetime]:
    return at(f"{DAY} 00:00"), at(f"{DAY} 23:59")


def told(places: Sequence[Place]) -> str:
    return " ".join(f"{each.starts_at.astimezone(NEW_YORK):%H:%M}" for each in places)


def test_what_is_booked_takes_its_time_and_the_buffer_of_its_service(
    salon: Business, dye: Service
) -> None:
    sofia = person(salon)
    assert told(asked(salon, dye)) == "09:00 09:15 09:30 09:45 10:00 10:15 10:30"
    book(salon, "08:00", 30, sofia, service_id=dye.id)
    book(salon, "09:00", 180, sofia, status="cancelled")
    assert told(asked(salon, dye)) == "09:00 09:15 09:30 09:45 10:00 10:15 10:30"
    book(salon, "08:15", 60, sofia, service_id=dye.id)
    assert told(asked(salon, dye)) == "09:45 10:00 10:15 10:30"


def test_only_those_who_offer_it_and_are_there_are_asked(salon: Business, dye: Service) -> None:
    sofia, zoe, amara = (person(salon, name) for name in ("Sofia", "Zoe", "Amara"))
    assert {*asked(salon, dye)[0].staff} == {sofia, zoe, amara}
    works(salon, amara, off=days(DAY))
    with tenant_scope(salon.id):
        dye = db.session.get_one(Service, dye.id)
        dye.by_all = False
        db.session.add_all(
            ServiceStaff(service_id=dye.id, staff_member_id=each) for each in (zoe, amara)
        )
        db.session.commit()
    assert {each.staff for each in asked(salon, dye)} == {(zoe,)}
    with tenant_scope(salon.id):
        db.session.get_one(StaffMember, zoe).active = False
        db.session.commit()
    assert asked(salon, dye) == []


def test_what_is_moved_is_not_in_its_own_way_and_stays_with_whoever_gives_it(
    salon: Business, dye: Service
) -> None:
    sofia, zoe = person(salon, "Sofia"), person(salon, "Zoe")
    id_ = book(salon, "09:00", 90, sofia, service_id=dye.id)
    book(salon, "09:00", 180, zoe)
    with tenant_scope(salon.id):
        hers = places_for(Booked(id_, sofia, 90, dye), *between())
        assert told(hers) == "09:00 09:15 09:30 09:45 10:00 10:15 10:30"
        assert places_for(Booked(0, sofia, 90, dye), *between()) == []
        assert places_for(Booked(0, zoe, 90, dye), *between()) == []
        anybodys = places_for(Booked(id_, None, 90, dye), *between())
        assert {each.staff for each in anybodys} == {(sofia,)}


def test_a_business_that_has_said_nothing_offers_nothing(salon: Business, garage: Business) -> None:
    opens(garage, MORNINGS)
    with tenant_scope(salon.id):
        [service] = rows(salon, Service)[:1]
        assert places_of(service, *between()) == []

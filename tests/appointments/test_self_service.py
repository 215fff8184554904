"""What a customer does by the link of an appointment: as staff would, within limits, and never two
in one place."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.appointments import self_service
from app.appointments.self_service import NotByLink, Why
from app.extensions import db
from app.models import Appointment, AuditEntry, AutomationEvent, ConversationEvent, Service, Tenant
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.crowd import crowd
from tests.support.diary import at, states
from tests.support.working import NINE_TO_SIX, opens, person, works
from tests.support.world import NOON, Business

HOUR = timedelta(hours=1)
# Tomorrow at noon the first appointment of the salon is; this is a week later.
START, DAY = NOON + 24 * HOUR, "2026-11-26"
TO = at(f"{DAY} 10:00")


@pytest.fixture(autouse=True)
def online(salon: Business, garage: Business) -> None:
    """The salon is open from nine to six, and its service is booked online."""
    opens(garage, NINE_TO_SIX)
    opens(salon, NINE_TO_SIX)
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            for service in db.session.scalars(select(Service)):
                service.bookable_online = True
            db.session.commit()


def own(salon: Business) -> Appointment:
    found: Appointment = rows(salon, Appointment)[0]
    return found


def set_up(salon: Business, kind: type, **values: object) -> None:
    with tenant_scope(salon.id):
        key = salon.id if kind is Tenant else own(salon).id
        row = db.session.get_one(kind, key)
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()


def move(salon: Business, to: datetime = TO, seen: datetime | None = START) -> Appointment:
    with tenant_scope(salon.id):
        try:
            return self_service.move(own(salon).id, NOON - HOUR, to=to, seen=seen)
        except NotByLink:
            db.session.rollback()
            raise


def test_it_is_moved_as_staff_would_and_told_as_the_customers_own_doing(salon: Business) -> None:
    before = own(salon)
    moved = move(salon)
    assert (moved.id, moved.starts_at, moved.status) == (before.id, TO, "confirmed")
    assert moved.staff_member_id == before.staff_member_id and moved.customer_moves == 1
    assert states(salon, moved.id) == ["24h 2026-11-25 10:00 planned"]
    assert states(salon, moved.id, "appointment_moved")[0].endswith("planned")
    [line] = [each for each in rows(salon, ConversationEvent) if each.kind == "moved"]
    assert (line.by_customer, line.starts_at, line.was_at) == (True, TO, START)
    [event] = [each for each in rows(salon, AutomationEvent) if each.type == "appointment.moved"]
    assert event.origin == "customer"
    entry = [each for each in rows(salon, AuditEntry) if each.row_kind == "appointment"][-1]
    assert (entry.actor_name, entry.actor_id) == ("The customer by their link", None)


def test_it_is_confirmed_and_cancelled(salon: Business) -> None:
    id_ = own(salon).id
    with tenant_scope(salon.id):
        assert self_service.confirm(id_, NOON - HOUR).status == "confirmed"
        with pytest.raises(NotByLink):
            self_service.confirm(id_, NOON - HOUR)
        db.session.rollback()
        assert self_service.cancel(id_, NOON - HOUR).status == "cancelled"
        for deed in (self_service.confirm, self_service.cancel):
            with pytest.raises(NotByLink) as caught:
                deed(id_, NOON - HOUR)
            assert caught.value.why == Why.CANCELLED
            db.session.rollback()
    kinds = [each.kind for each in rows(salon, ConversationEvent) if each.by_customer]
    assert kinds == ["confirmed", "cancelled"]
    assert states(salon, id_, "appointment_cancelled")[0].endswith("planned")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"status": "cancelled"}, Why.CANCELLED),
        ({"status": "no_show"}, Why.OVER),
        ({"starts_at": NOON - 2 * HOUR}, Why.OVER),
        ({"starts_at": NOON + 22 * HOUR}, Why.LATE),
        ({"customer_moves": 3}, Why.OFTEN),
        ({"service_id": None}, Why.ASK),
    ],
)
def test_what_cannot_be_moved_says_why(
    salon: Business, changes: dict[str, object], why: Why
) -> None:
    set_up(salon, Appointment, **changes)
    start = own(salon).starts_at
    with pytest.raises(NotByLink) as caught:
        move(salon, seen=start)
    assert caught.value.why == why
    assert own(salon).starts_at == start


def test_how_late_and_how_often_is_the_business_s_choice(salon: Business) -> None:
    set_up(salon, Tenant, manage_hours=48)
    with pytest.raises(NotByLink):
        move(salon)
    set_up(salon, Tenant, manage_hours=0, manage_moves=1)
    assert move(salon).customer_moves == 1
    with pytest.raises(NotByLink) as caught:
        move(salon, TO + HOUR, TO)
    assert caught.value.why == Why.OFTEN
    set_up(salon, Tenant, manage_moves=0)
    with pytest.raises(NotByLink) as caught:
        move(salon, TO + HOUR, TO)
    assert caught.value.why == Why.ASK


@pytest.mark.parametrize(
    "to",
    [
        at(f"{DAY} 10:05"),
        at(f"{DAY} 17:15"),
        at(f"{DAY} 08:00"),
        # Sooner than it may be changed; too far away; where it is.
        NOON + 22 * HOUR,
        NOON + timedelta(days=61),
        START,
    ],
)
def test_what_is_no_free_place_is_not_taken(salon: Business, to: datetime) -> None:
    with pytest.raises(NotByLink) as caught:
        move(salon, to)
    assert caught.value.why == Why.TAKEN
    assert own(salon).starts_at == START


def test_who_knew_of_another_start_is_told_and_moves_nothing(salon: Business) -> None:
    for seen in (None, START + HOUR):
        with pytest.raises(NotByLink) as caught:
            move(salon, seen=seen)
        assert caught.value.why == Why.MEANWHILE


def test_it_stays_with_whoever_gives_it(salon: Business) -> None:
    works(salon, person(salon), NINE_TO_SIX)
    with tenant_scope(salon.id):
        found = self_service.places(own(salon), date(2026, 11, 26), 1, NOON)
        assert {each.staff for each in found} == {(person(salon),)}
        db.session.rollback()


def test_of_fifty_who_want_one_place_at_once_one_has_it_and_the_others_keep_theirs(
    app: Flask, salon: Business
) -> None:
    first = own(salon)
    starts = [at(f"2026-12-{day:02} {hour:02}:00") for day in range(1, 8) for hour in range(9, 17)]
    with tenant_scope(salon.id):
        made = [
            Appointment(
                customer_id=salon.customer_id,
                service_id=first.service_id,
                staff_member_id=first.staff_member_id,
                starts_at=start,
            )
            for start in starts[:50]
        ]
        db.session.add_all(made)
        db.session.commit()
        theirs = [(each.id, each.starts_at) for each in made]
    left = [*theirs]

    def tap() -> None:
        id_, seen = left.pop()
        with tenant_scope(salon.id):
            self_service.move(id_, NOON - HOUR, to=TO, seen=seen)

    errors = crowd(app, tap)
    assert [type(each) for each in errors] == [NotByLink] * 49
    assert {each.why for each in errors if isinstance(each, NotByLink)} == {Why.TAKEN}
    now = {each.id: each.starts_at for each in rows(salon, Appointment)}
    [(moved, _)] = [each for each in theirs if now[each[0]] == TO]
    assert all(now[id_] == start for id_, start in theirs if id_ != moved)

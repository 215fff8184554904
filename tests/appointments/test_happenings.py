"""What happens to appointments is told to rules, once for each change, with the change."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app import events
from app.appointments import commands, happenings
from app.extensions import db
from app.models import Appointment, AutomationEvent, EventType, Origin, WebhookDelivery
from app.tenancy import tenant_scope
from tests.automation.webhooks.conftest import endpoint_at
from tests.automation.webhooks.support import deliveries
from tests.support.world import NOON, Business

HOUR = timedelta(hours=1)
LATER = NOON + 48 * HOUR


def booked(owner: Business) -> Appointment:
    return commands.book(NOON, customer_id=owner.customer_id, starts_at=LATER, duration_minutes=60)


def told() -> list[str]:
    rows = db.session.scalars(select(AutomationEvent).order_by(AutomationEvent.id))
    return [row.type.removeprefix("appointment.") for row in rows]


def test_a_booking_a_move_and_an_end_are_one_event_each(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        one = booked(salon)
        commands.change(one.id, NOON, starts_at=LATER + HOUR, notes="by the window")
        commands.change(one.id, NOON, notes="anywhere")
        commands.confirm(one.id, NOON)
        commands.cancel(one.id, NOON)
        assert told() == ["booked", "moved", "cancelled"]
        move = db.session.scalars(
            select(AutomationEvent).order_by(AutomationEvent.id).offset(1).limit(1)
        ).one()
        assert move.facts["was"] == LATER.isoformat()
        assert move.due_at == NOON + happenings.UNDO_WINDOW
        assert (move.customer_id, move.appointment_id) == (salon.customer_id, one.id)
    with tenant_scope(garage.id):
        assert told() == []


@pytest.mark.parametrize(("status", "event"), [("completed", "completed"), ("no_show", "missed")])
def test_how_an_appointment_ended_is_an_event(salon: Business, status: str, event: str) -> None:
    with tenant_scope(salon.id):
        one = booked(salon)
        commands.change(one.id, LATER + HOUR, status=status)
        assert told() == ["booked", event]


def test_what_is_refused_or_only_rehearsed_is_no_event(salon: Business) -> None:
    with tenant_scope(salon.id):
        one = booked(salon)
        commands.rehearse(one.id, NOON, starts_at=LATER + HOUR)
        commands.cancel(one.id, NOON)
        with pytest.raises(commands.Refused):
            commands.change(one.id, NOON, starts_at=LATER + 2 * HOUR)
        db.session.rollback()
        assert told() == ["booked", "cancelled"]


def test_a_move_that_is_undone_before_anybody_looked_never_happened(salon: Business) -> None:
    with tenant_scope(salon.id):
        one = booked(salon)
        commands.change(one.id, NOON, starts_at=LATER + HOUR)
        _put_back(one, NOON)
        assert told() == ["booked"]


def test_who_moves_twice_and_undoes_once_has_moved_once(salon: Business) -> None:
    with tenant_scope(salon.id):
        one = booked(salon)
        commands.change(one.id, NOON, starts_at=LATER + HOUR)
        commands.change(one.id, NOON, starts_at=LATER + 2 * HOUR)
        before = {"starts_at": LATER + HOUR, "status": one.status}
        commands.put_back(one.id, NOON, knew=LATER, seen=LATER + 2 * HOUR, tell=False, **before)
        (move,) = db.session.scalars(
            select(AutomationEvent).where(AutomationEvent.type == "appointment.moved")
        )
        assert move.facts["starts_at"] == (LATER + HOUR).isoformat()


def test_who_undoes_a_change_of_person_alone_leaves_the_move_before_it(salon: Business) -> None:
    with tenant_scope(salon.id):
        one = booked(salon)
        commands.change(one.id, NOON, starts_at=LATER + HOUR)
        before = {"starts_at": LATER + HOUR, "status": one.status, "staff_member_id": None}
        commands.put_back(one.id, NOON, knew=LATER, seen=LATER + HOUR, tell=False, **before)
        assert told() == ["booked", "moved"]


def test_what_is_moved_to_and_fro_by_hand_never_moved_unless_somebody_was_told(
    salon: Business,
) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/", (EventType.APPOINTMENT_MOVED,))
    with tenant_scope(salon.id):
        id_ = booked(salon).id
        for starts_at in (LATER + HOUR, LATER + 2 * HOUR, LATER):
            commands.change(id_, NOON, starts_at=starts_at)
        db.session.commit()
        assert (told(), deliveries(salon, endpoint_id)) == (["booked"], [])
        commands.change(id_, NOON, starts_at=LATER + HOUR)
        db.session.execute(update(WebhookDelivery).values(attempts=1))
        commands.change(id_, NOON, starts_at=LATER)
        db.session.commit()
        assert told() == ["booked", "moved", "moved"]
        assert len(deliveries(salon, endpoint_id)) == 2


def test_a_move_that_is_undone_later_is_another_move(salon: Business) -> None:
    with tenant_scope(salon.id):
        one = booked(salon)
        commands.change(one.id, NOON, starts_at=LATER + HOUR)
        for event in db.session.scalars(select(AutomationEvent)):
            event.judged_at = NOON + HOUR
        _put_back(one, NOON + HOUR)
        assert told() == ["booked", "moved", "moved"]


def test_an_import_tells_nothing(salon: Business) -> None:
    with tenant_scope(salon.id), events.acting(None):
        one = booked(salon)
        commands.cancel(one.id, NOON)
        assert told() == []


def test_an_event_says_who_made_it_happen_and_behind_which_rule(salon: Business) -> None:
    with tenant_scope(salon.id):
        with events.acting(Origin.CUSTOMER):
            one = booked(salon)
        cause = db.session.scalars(select(AutomationEvent)).one()
        with events.acting(Origin.AUTOMATION, cause):
            commands.cancel(one.id, NOON)
        by_rule = db.session.scalars(
            select(AutomationEvent).where(AutomationEvent.id > cause.id)
        ).one()
        assert (cause.origin, cause.depth) == (Origin.CUSTOMER, 0)
        assert (by_rule.origin, by_rule.cause_id, by_rule.depth) == ("automation", cause.id, 1)


def _put_back(one: Appointment, at: datetime) -> None:
    commands.put_back(
        one.id, at, knew=LATER, seen=LATER + HOUR, tell=False, starts_at=LATER, status=one.status
    )

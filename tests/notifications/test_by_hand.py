"""What staff try again of what went by itself."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.appointments import commands
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message, Notification
from app.notifications.by_hand import still_holds
from app.notifications.dispatch import dispatch
from app.outbox.after_send import try_again
from app.outbox.refused import Refused
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.diary import at, book
from tests.support.world import Business, say

NOW = at("2026-11-10 12:00")
TWO, FOUR = at("2026-11-20 14:00"), at("2026-11-20 16:00")
MOVED = "The appointment was moved to another time. Write to them instead."


@pytest.fixture
def booked(salon: Business, garage: Business) -> int:
    """At two, and its confirmation did not arrive."""
    for owner in (garage, salon):
        id_ = book(owner, "2026-11-20 14:00", now="2026-11-10 11:55")
    dispatch(NOW)
    with tenant_scope(salon.id):
        _fail()
    return id_


def _fail() -> None:
    ours = update(Message).where(Message.direction == "outbound")
    db.session.execute(ours.values(status=MessageStatus.FAILED))
    db.session.commit()


def _last() -> Message:
    return db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()


def _refusal(message: Message, now: datetime) -> str:
    with pytest.raises(Refused) as refused:
        still_holds(message, now)
    return str(refused.value)


def test_what_failed_can_be_tried_again_as_long_as_it_says_what_holds(
    salon: Business, booked: int
) -> None:
    with tenant_scope(salon.id):
        still_holds(_last(), NOW)
        assert _refusal(_last(), TWO) == "It would come too late. Write to them instead."
        commands.change(booked, NOW, starts_at=FOUR)
        assert _refusal(_last(), NOW) == MOVED
        commands.change(booked, NOW, starts_at=TWO)
        commands.cancel(booked, NOW)
        assert _refusal(_last(), NOW) == "The appointment was cancelled. Write to them instead."


def test_nor_is_what_was_tried_again_before_and_failed_once_more(
    salon: Business, booked: int
) -> None:
    with tenant_scope(salon.id):
        try_again(_last(), NOW, None)
        _fail()
        still_holds(_last(), NOW)
        commands.change(booked, NOW + timedelta(hours=1), starts_at=FOUR)
        assert _refusal(_last(), NOW) == MOVED


def test_staff_are_told_why_and_nothing_is_sent(
    salon: Business, booked: int, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        commands.change(booked, NOW, starts_at=FOUR)
        failed = _last().id
        db.session.rollback()
    path = f"/messages/{salon.customer_id}/{failed}/again"
    refused = staff.post(path, json={})
    assert refused.status_code == 422 and refused.json == {"error": MOVED}
    with tenant_scope(salon.id):
        assert _last().id == failed
        assert db.session.scalars(select(Notification.message_id)).all().count(failed) == 1
        db.session.rollback()


def test_what_a_person_wrote_is_tried_again_at_any_time(salon: Business, booked: int) -> None:
    id_ = say(salon, "Hello", status=MessageStatus.FAILED)
    with tenant_scope(salon.id):
        still_holds(db.session.get_one(Message, id_), at("2030-01-01 12:00"))
        db.session.rollback()

"""Missed calls are followed up: one message per caller, and none where somebody saw to them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.models import Call, Customer, Notification
from app.notifications.dispatch import dispatch
from app.notifications.planning.missed_calls import follow_up, plan_missed
from app.tenancy import tenant_scope
from tests.support.crowd import crowd
from tests.support.diary import at, options, waiting
from tests.support.queries import statements
from tests.support.world import Business, hear, say

CALLED = "2026-11-19 10:00"


@pytest.fixture(autouse=True)
def nobody_called(salon: Business, garage: Business) -> None:
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            db.session.execute(delete(Call))
            db.session.commit()


def ring(owner: Business, wall: str = CALLED, outcome: str = "missed", **more: object) -> int:
    """A call of the business's customer; its id."""
    missed_at = at(wall) if outcome == "missed" else None
    with tenant_scope(owner.id):
        call = Call(
            customer_id=owner.customer_id,
            caller=owner.customer_number,
            outcome=outcome,
            started_at=at(wall),
            missed_at=missed_at,
        )
        for name, value in more.items():
            setattr(call, name, value)
        db.session.add(call)
        db.session.commit()
        return call.id


def outcomes(owner: Business) -> list[str]:
    with tenant_scope(owner.id):
        rows = db.session.scalars(
            select(Notification)
            .where(Notification.type == "missed_call")
            .order_by(Notification.call_id)
        )
        found = [row.cause or f"due {row.due_at.astimezone(at(CALLED).tzinfo)}" for row in rows]
        db.session.rollback()
    return found


def work_at(wall: str) -> None:
    plan_missed(at(wall))
    dispatch(at(wall))


def test_a_missed_call_is_followed_up_once_by_a_text(salon: Business, garage: Business) -> None:
    ring(salon)
    work_at("2026-11-19 10:10")
    work_at("2026-11-19 10:25")
    assert outcomes(salon) == ["sent"]
    [said] = waiting(salon)
    assert "Sorry that we missed your call" in said
    assert not waiting(garage)


@pytest.mark.parametrize(
    ("called", "planned", "sent", "expected"),
    [
        # In the evening, at ten at night, and too long before the morning.
        ("20:50", "20:55", "20:55", ["sent"]),
        ("22:00", "22:10", "08:00", ["sent"]),
        ("19:30", "21:10", "08:00", ["skipped_late"]),
    ],
)
def test_at_night_a_follow_up_waits_for_the_morning_and_not_for_longer(
    salon: Business, called: str, planned: str, sent: str, expected: list[str]
) -> None:
    ring(salon, f"2026-11-19 {called}")
    work_at(f"2026-11-19 {planned}")
    if sent == "08:00":
        assert outcomes(salon) == [f"due {at('2026-11-20 08:00')}"]
        work_at("2026-11-20 08:00")
    assert outcomes(salon) == expected


def test_however_often_somebody_rings_they_get_one_message_in_the_business_time(
    app: Flask, salon: Business, garage: Business
) -> None:
    for minute in range(8):
        ring(salon, f"2026-11-19 10:0{minute}")
        ring(garage, f"2026-11-19 10:0{minute}")
    errors = crowd(app, lambda: work_at("2026-11-19 10:15"))
    work_at("2026-11-19 10:16")
    assert not errors
    for owner in (salon, garage):
        assert sorted(outcomes(owner)) == ["recently"] * 7 + ["sent"]
        assert len(waiting(owner)) == 1
    ring(salon, "2026-11-20 09:00")
    work_at("2026-11-20 09:10")
    ring(salon, "2026-11-20 10:30")
    work_at("2026-11-20 10:40")
    assert outcomes(salon)[-2:] == ["recently", "sent"]
    options(salon, "missed_call", hours=2)
    ring(salon, "2026-11-20 12:50")
    work_at("2026-11-20 12:55")
    assert outcomes(salon)[-1] == "sent"


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("staff wrote before", "sent"),
        ("staff wrote", "answered"),
        ("what staff wrote failed", "sent"),
        ("an answered call", "answered"),
        ("an answered call before", "sent"),
        ("answered after all", "answered"),
        ("the customer wrote STOP", "opted_out"),
        ("the call was deleted", "by_staff"),
        ("turned off", "turned_off"),
    ],
)
def test_nobody_is_followed_up_whom_somebody_saw_to(
    salon: Business, what: str, expected: str
) -> None:
    call = ring(salon)
    plan_missed(at("2026-11-19 10:05"))
    since, before = at("2026-11-19 10:06"), at("2026-11-19 09:50")
    match what:
        case "staff wrote before":
            say(salon, "Hello", at=before)
        case "staff wrote":
            say(salon, "Hello", at=since)
        case "what staff wrote failed":
            say(salon, "Hello", at=since, status="failed")  # type: ignore[arg-type]
        case "an answered call":
            ring(salon, "2026-11-19 10:06", "answered")
        case "an answered call before":
            ring(salon, "2026-11-19 09:50", "answered")
        case "the customer wrote STOP":
            hear(salon, "STOP", at=since)
        case "turned off":
            options(salon, "missed_call", enabled=False)
        case _:
            with tenant_scope(salon.id):
                db.session.execute(
                    delete(Call)
                    if what == "the call was deleted"
                    else update(Call)
                    .where(Call.id == call)
                    .values(outcome="answered", missed_at=None)
                    .execution_options(synchronize_session=False)
                )
                db.session.commit()
    dispatch(at("2026-11-19 10:10"))
    assert outcomes(salon) == [expected]
    assert len(waiting(salon)) == (expected == "sent")


@pytest.mark.parametrize(
    "more",
    [
        {"reachable": False, "caller": "anonymous", "customer_id": None},
        {"reachable": False, "caller": "+18005550100"},
        {"outcome": "answered"},
        {"outcome": "ringing"},
        # Entered the day after.
        {"wall": "2026-11-18 10:00", "missed_at": at("2026-11-19 10:00")},
    ],
)
def test_a_call_that_cannot_be_followed_up_plans_nothing(
    salon: Business, more: dict[str, object]
) -> None:
    ring(salon, **more)  # type: ignore[arg-type]
    assert plan_missed(at("2026-11-19 10:10")) == 0
    assert not outcomes(salon)


def test_where_every_call_is_followed_up_a_look_costs_one_statement(salon: Business) -> None:
    for minute in range(20):
        ring(salon, f"2026-11-19 10:{minute + 10}")
    assert plan_missed(at("2026-11-19 10:30")) == 20
    with statements() as made:
        assert plan_missed(at("2026-11-19 10:45")) == 0
    assert len(made) == 1


def test_nobody_who_is_deleted_meanwhile_stops_the_others(salon: Business) -> None:
    ring(salon, customer_id=None)
    ring(salon, "2026-11-19 10:05")
    assert plan_missed(at(CALLED) + timedelta(minutes=10)) == 1
    with tenant_scope(salon.id):
        db.session.delete(db.session.get_one(Customer, salon.customer_id))
        db.session.commit()
    dispatch(at(CALLED) + timedelta(minutes=10))
    assert not outcomes(salon)


def test_a_callers_follow_ups_are_planned_one_after_the_other(salon: Business) -> None:
    call = ring(salon)
    with db.engine.begin() as another, tenant_scope(salon.id):
        another.execute(text("SELECT FROM customer FOR NO KEY UPDATE"))
        # Whoever has to wait for another planner gives up for this time.
        db.session.execute(text("SET LOCAL lock_timeout = '20ms'"))
        with pytest.raises(OperationalError):
            follow_up(db.session.get_one(Call, call), at("2026-11-19 10:10"))
        db.session.rollback()
    assert plan_missed(at("2026-11-19 10:10")) == 1

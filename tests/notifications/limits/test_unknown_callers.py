"""Callers whom nobody knows may be forged: few of them are texted in a day, and none far away."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.extensions import db
from app.inbound import incoming_calls
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Appointment, Call, Customer, Message, Notification, Spending
from app.notifications.dispatch import dispatch
from app.notifications.forecast.why import sentence
from app.notifications.limits.unknown_callers import strangers
from app.notifications.planning import missed_calls
from app.providers.contract import CallReport
from app.tenancy import tenant_scope
from tests.outbox.queue.test_destinations import change, pays_itself
from tests.support.crowd import crowd
from tests.support.diary import at
from tests.support.world import Business, hear

CALLED = at("2026-11-19 10:00")
LATER = CALLED + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def nobody_called(salon: Business, garage: Business) -> None:
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            db.session.execute(delete(Call))
            db.session.commit()


def call(business: Business, caller: str, at_: object = CALLED) -> None:
    """Nobody takes it."""
    number = sum(1 for _ in _calls(business))
    report = CallReport(
        sid=f"CA{business.slug}{number}",
        caller=caller,
        called=business.number,
        outcome=CallOutcome.MISSED,
        seconds=0,
    )
    incoming_calls.record(business.route, report, at_)  # type: ignore[arg-type]


def _calls(business: Business) -> list[int]:
    with tenant_scope(business.id):
        found = list(db.session.scalars(select(Call.id)))
        db.session.rollback()
    return found


def crowd_calls(business: Business, many: int) -> None:
    for number in range(many):
        call(business, f"+1617555{number:04d}")


def work(moment: object = LATER) -> None:
    missed_calls.plan_missed(moment)  # type: ignore[arg-type]
    dispatch(moment)  # type: ignore[arg-type]


def fates(business: Business) -> list[str]:
    with tenant_scope(business.id):
        rows = select(Notification).where(Notification.type == "missed_call")
        found = [row.cause for row in db.session.scalars(rows.order_by(Notification.id))]
        db.session.rollback()
    return found


def used(business: Business) -> int:
    with tenant_scope(business.id):
        found = db.session.scalar(select(Spending.used).where(Spending.kind == "strangers")) or 0
        db.session.rollback()
    return found


def test_of_many_strangers_as_many_are_texted_as_the_operator_allows(
    salon: Business, garage: Business
) -> None:
    change(salon, strangers_a_day=3)
    crowd_calls(salon, 8)
    call(garage, "+16175559999")
    work()
    assert sorted(fates(salon)) == ["limit"] * 5 + ["sent"] * 3
    assert fates(garage) == ["sent"]
    assert (used(salon), used(garage)) == (3, 1)
    with tenant_scope(salon.id):
        left_out = db.session.scalars(
            select(Notification).where(Notification.cause == "limit").limit(1)
        ).one()
        assert "limit of texts to callers whom nobody knows" in sentence(left_out, LATER)
        db.session.rollback()


def test_two_dispatchers_go_beyond_it_by_one_at_most(app: Flask, salon: Business) -> None:
    change(salon, strangers_a_day=3)
    crowd_calls(salon, 12)
    missed_calls.plan_missed(LATER)
    assert not crowd(app, lambda: dispatch(LATER), size=2)
    sent = fates(salon).count("sent")
    assert 3 <= sent <= 4
    assert used(salon) == sent


def test_who_is_known_is_texted_beyond_the_limit(salon: Business) -> None:
    change(salon, strangers_a_day=0)
    crowd_calls(salon, 1)
    call(salon, salon.customer_number)
    hear(salon, "Hello?", number="+16175551111", at=CALLED - timedelta(days=1))
    call(salon, "+16175551111")
    work()
    assert sorted(fates(salon)) == ["limit", "sent", "sent"]
    assert used(salon) == 0


def known_by(business: Business, how: str) -> None:
    with tenant_scope(business.id):
        [who] = db.session.scalars(select(Customer).where(Customer.first_name == ""))
        if how == "name":
            who.last_name = "Becker"
        if how == "appointment":
            booked = {"starts_at": CALLED, "booked_at": CALLED, "status": "scheduled"}
            db.session.add(Appointment(customer_id=who.id, **booked))
        if how == "answered call":
            db.session.add(
                Call(
                    customer_id=who.id,
                    caller="+16175550000",
                    outcome="answered",
                    started_at=CALLED + timedelta(hours=1),
                )
            )
        if how == "entered before":
            who.created_at = CALLED - timedelta(days=1)
        db.session.commit()


@pytest.mark.parametrize("how", ["name", "appointment", "answered call", "entered before", ""])
def test_a_stranger_is_who_only_called(salon: Business, garage: Business, how: str) -> None:
    crowd_calls(salon, 1)
    known_by(salon, how)
    with tenant_scope(salon.id):
        everybody = list(db.session.scalars(select(Customer.id)))
        assert len(strangers(everybody)) == (0 if how else 1)


def test_a_business_that_pays_itself_texts_whom_it_likes(salon: Business) -> None:
    pays_itself(salon)
    change(salon, strangers_a_day=0)
    crowd_calls(salon, 2)
    work()
    assert fates(salon) == ["sent", "sent"]
    assert used(salon) == 0


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("caller", ["+881612345678", "+19005551234", "+447012345678"])
def test_satellites_and_premium_rates_are_left_alone_by_whatever_account(
    salon: Business, caller: str, own: bool
) -> None:
    if own:
        pays_itself(salon)
    call(salon, caller)
    work()
    assert fates(salon) == []
    with tenant_scope(salon.id):
        assert not db.session.scalars(select(Call)).one().reachable


def test_a_caller_from_a_closed_country_is_left_out_and_the_page_says_why(
    salon: Business,
) -> None:
    call(salon, "+491701234567")
    work()
    assert fates(salon) == ["unreachable"]
    with tenant_scope(salon.id):
        ours = select(Notification).where(Notification.type == "missed_call")
        [row] = db.session.scalars(ours)
        assert "This number is in Germany" in sentence(row, LATER)
        assert db.session.scalars(select(Message).where(Message.not_after.is_not(None))).all() == []
    assert used(salon) == 0


def test_one_number_is_texted_once_in_the_time_that_the_business_set(salon: Business) -> None:
    for hours in (0, 1, 2):
        call(salon, "+16175550000", CALLED + timedelta(hours=hours))
        work(LATER + timedelta(hours=hours))
    assert fates(salon) == ["sent", "recently", "recently"]
    assert used(salon) == 1


def test_what_failed_is_an_attempt_that_counts(salon: Business) -> None:
    change(salon, strangers_a_day=1)
    crowd_calls(salon, 1)
    work()
    with tenant_scope(salon.id):
        db.session.execute(
            update(Message).values(status="failed").where(Message.direction == "outbound")
        )
        db.session.commit()
    call(salon, "+16175557777")
    work(LATER + timedelta(minutes=1))
    assert fates(salon)[-1] == "limit"

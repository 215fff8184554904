"""What a business may use of our Twilio account in a day, and what becomes of the rest."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import false, literal, select, true, update

from app.channels import CHANNELS
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message, Spending, Tenant, User
from app.outbox.delivery.claimed import Claimed
from app.outbox.drain import drain
from app.outbox.queue import due
from app.outbox.queue.claim import claim
from app.outbox.queue.daily_limit import exhausted, uses, works
from app.outbox.queue.expiry import OVER_THE_LIMIT, refuse_late
from app.outbox.queue.rate_limit import adopt
from app.outbox.settle.record import failed, release
from app.providers.contract import Outcome, SendError
from app.tenancy import tenant_scope, unscoped
from tests.outbox.queue.test_destinations import change, pays_itself
from tests.outbox.test_drain import message, queue, without_sids
from tests.support.carrier import Carrier
from tests.support.crowd import crowd
from tests.support.diary import at
from tests.support.world import NOON, Business

TODAY = date(2026, 11, 18)


def used(business: Business, day: date = TODAY) -> int:
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Spending.used).where(Spending.kind == "segments", Spending.day == day)
        return db.session.scalar(query) or 0


def spent(business: Business, segments: int, day: date = TODAY) -> None:
    with tenant_scope(business.id):
        db.session.add(Spending(day=day, kind="segments", used=segments))
        db.session.commit()


def written(business: Business, bodies: list[str], author: bool = True) -> list[int]:
    """Messages that wait, of somebody on the staff or by themselves."""
    ids = [queue(business, body) for body in bodies]
    without_sids()
    if author:
        _write(ids, author_id=_somebody(business))
    return ids


def _write(ids: list[int], **values: object) -> None:
    with unscoped("tests"):
        db.session.execute(update(Message).where(Message.id.in_(ids)).values(**values))
        db.session.commit()


def _somebody(business: Business) -> int:
    with tenant_scope(business.id):
        return db.session.scalars(select(User.id).limit(1)).one()


def claimed(business: Business, now: datetime = NOON) -> list[str]:
    """What one look takes of the business's."""
    taken = claim(now, 32)
    bodies = [each.body for each in taken if each.tenant_id == business.id]
    db.session.rollback()
    return bodies


def test_segments_are_counted_as_they_are_claimed(salon: Business, garage: Business) -> None:
    written(salon, ["Short", "x" * 161])
    claimed(salon)
    assert (used(salon), used(garage)) == (3, 0)


def test_what_is_beyond_the_limit_waits_for_the_morning(salon: Business, garage: Business) -> None:
    change(salon, segments_a_day=2)
    spent(salon, 2)
    written(salon, ["Hello"])
    written(garage, ["Theirs"])
    assert claimed(garage) == ["Theirs"]
    # Nobody is woken at midnight by what waited.
    for wall in ("2026-11-18 23:59", "2026-11-19 00:01", "2026-11-19 07:59"):
        assert claimed(salon, at(wall)) == []
    assert claimed(salon, at("2026-11-19 08:01")) == ["Hello"]
    assert (used(salon), used(salon, date(2026, 11, 19))) == (2, 1)


def test_the_day_is_the_one_on_the_business_wall(salon: Business) -> None:
    change(salon, segments_a_day=2, quiet_from=None, quiet_until=None)
    spent(salon, 2)
    written(salon, ["Hello"])
    # In London it is the next day already.
    assert claimed(salon, at("2026-11-18 23:59")) == []
    assert claimed(salon, at("2026-11-19 00:01")) == ["Hello"]


@pytest.mark.parametrize(
    # PostgreSQL may have other rules of the first; the others are no whole hours.
    "zone",
    ["America/Winnipeg", "America/St_Johns", "Asia/Kathmandu", "Pacific/Chatham", "Etc/GMT+12"],
)
def test_the_day_begins_by_our_zones_whatever_postgresql_knows(
    salon: Business, garage: Business, zone: str
) -> None:
    change(salon, segments_a_day=2, timezone=zone, quiet_until=time(8))
    change(garage, segments_a_day=2, timezone="Etc/GMT-14", quiet_until=time(8))
    spent(salon, 2)
    walls = ("18 00:00", "18 12:00", "18 23:59", "19 07:59", "19 08:00", "17 23:59")
    held = [_held(salon, at(f"2026-11-{each}", zone)) for each in walls]
    assert held == [True, True, True, True, False, False]
    assert not any(_held(garage, at(f"2026-11-{each}", zone)) for each in walls)


def _held(business: Business, now: datetime) -> bool:
    """Whether a text of its staff must wait for another day."""
    waits = exhausted(now, business.id, literal("sms"), false())
    with unscoped("tests"):
        return db.session.scalars(select(waits)).one()


def test_a_flood_of_automatic_messages_leaves_a_fifth_for_the_staff(salon: Business) -> None:
    change(salon, segments_a_day=10)
    written(salon, [f"Automatic {number}" for number in range(12)], author=False)
    # The number is free again after each.
    first, second, third, fourth = (NOON + timedelta(minutes=number) for number in range(4))
    assert len(claimed(salon, first)) == 8
    assert claimed(salon, second) == [], "no more of them"
    written(salon, [f"Answer {number}" for number in range(3)])
    assert claimed(salon, third) == ["Answer 0", "Answer 1", "Answer 2"]
    written(salon, ["Too much"])
    assert claimed(salon, fourth) == []
    assert used(salon) == 11, "over by less than a claim"


def test_none_at_all_is_a_limit(salon: Business) -> None:
    change(salon, segments_a_day=0)
    written(salon, ["Hello"])
    assert claimed(salon) == []
    assert used(salon) == 0


def test_many_who_claim_at_once_go_beyond_it_by_no_more_than_one(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(salon, segments_a_day=10)
    monkeypatch.setattr(due, "from_its_own", lambda: true())
    monkeypatch.setattr(due, "_prepared", due._prepared.__wrapped__)
    # Each by a number of its own, as if there were as many lines.
    ids = written(salon, [f"Message {number}" for number in range(30)])
    with unscoped("tests"):
        for index, id_ in enumerate(ids):
            _write([id_], sender=f"+1415555{1000 + index}")
    adopt(NOON)
    errors = crowd(app, lambda: claim(NOON, 4), size=10)
    assert not errors
    with tenant_scope(salon.id):
        left = select(Message).where(Message.status == MessageStatus.SENDING)
        taken = len(db.session.scalars(left).all())
    assert taken == used(salon)
    assert 10 <= taken < 10 + 4


def test_an_own_account_is_not_bounded(salon: Business) -> None:
    pays_itself(salon)
    change(salon, segments_a_day=0)
    written(salon, ["Hello"])
    assert claimed(salon) == ["Hello"]
    assert used(salon) == 0


def test_a_call_that_never_began_costs_nothing(salon: Business) -> None:
    written(salon, ["x" * 161])
    [held] = claim(NOON, 1)
    assert used(salon) == 2
    release(Claimed.of(held))
    assert used(salon) == 0


def test_an_attempt_that_failed_for_its_sender_costs_nothing(salon: Business) -> None:
    [id_] = written(salon, ["Hello"])
    [held] = claim(NOON, 1)
    failed(Claimed.of(held), SendError("Not now.", Outcome.REFUSED, sender_at_fault=True), NOON)
    assert message(salon, id_).status is MessageStatus.QUEUED
    assert used(salon) == 0


def test_a_retry_is_an_attempt_and_counts(twilio: Carrier, salon: Business) -> None:
    twilio.faults(rate_429=1)
    written(salon, ["Hello"])
    drain(NOON)
    twilio.faults()
    drain(NOON + timedelta(minutes=10))
    assert used(salon) == 2
    assert len(twilio.sent(salon.customer_number)) == 1


def test_what_waited_until_its_use_ended_says_why(salon: Business, garage: Business) -> None:
    change(salon, segments_a_day=1)
    spent(salon, 1)
    [ours] = written(salon, ["Hello"], author=False)
    [theirs] = written(garage, ["Hello"], author=False)
    _write([ours, theirs], not_after=NOON - timedelta(minutes=1))
    refuse_late(NOON)
    assert message(salon, ours).error == OVER_THE_LIMIT
    assert message(garage, theirs).error != OVER_THE_LIMIT


@pytest.mark.parametrize(("used_up", "level"), [(7, None), (8, 80), (9, 80), (10, 100), (12, 100)])
def test_the_business_is_told_at_eighty_percent_and_when_all_is_used(
    salon: Business, garage: Business, used_up: int, level: int | None
) -> None:
    change(salon, segments_a_day=10)
    spent(salon, used_up)
    tenant = db.session.get_one(Tenant, salon.id)
    with tenant_scope(salon.id):
        assert [use.level for use in uses(tenant, NOON)] == ([level] if level else [])
        assert works(tenant, CHANNELS["sms"], NOON) == (level is None)
        assert works(tenant, CHANNELS["email"], NOON)
        assert works(tenant, CHANNELS["sms"], NOON + timedelta(days=1))
        db.session.rollback()
    with tenant_scope(garage.id):
        assert uses(db.session.get_one(Tenant, garage.id), NOON) == []

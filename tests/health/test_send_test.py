"""A test goes to an admin's own telephone by the ordinary outbox, and its answer is seen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.health import send_test
from app.lib.message_status import MessageStatus
from app.lib.telephone.phone import BadNumber
from app.models import Customer, Message, SelfTest, User
from app.outbox import drain
from app.outbox.refused import Refused, Stopped
from app.tenancy import tenant_scope, unscoped
from tests.support.carrier import Carrier
from tests.support.world import NOON, Business, hear

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MINE = "+14155550177"


def send(business: Business, phone: str = MINE, at: object = NOON) -> int:
    with tenant_scope(business.id):
        author = db.session.scalars(select(User.id).where(User.email == business.admin)).one()
        id_ = send_test.send(phone, author, at).id  # type: ignore[arg-type]
    db.session.remove()
    return id_


def latest(business: Business, at: object = NOON) -> list[send_test.Sent]:
    with tenant_scope(business.id):
        return send_test.latest(at)  # type: ignore[arg-type]


def how_many(business: Business) -> int:
    with tenant_scope(business.id):
        return db.session.scalar(select(func.count()).select_from(SelfTest)) or 0


def test_it_goes_out_arrives_and_comes_back(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    send(salon, "(415) 555-0177")
    drain.drain(NOON)
    [sent] = twilio.sent(MINE)
    assert sent["body"].startswith("This is a test by Bella's Salon.")
    [test] = latest(salon)
    assert test.message.status is MessageStatus.ACCEPTED
    assert test.came_back is None and test.waits(NOON) and not test.waits(NOON + 11 * MINUTE)
    hear(garage, "Not theirs", number=MINE, at=NOON + MINUTE)
    hear(salon, "By another channel", number=MINE, channel="whatsapp", at=NOON + MINUTE)
    hear(salon, "Somebody else", at=NOON + MINUTE)
    assert latest(salon)[0].came_back is None
    hear(salon, "Here", number=MINE, at=NOON + 2 * MINUTE)
    assert latest(salon)[0].came_back == NOON + 2 * MINUTE
    assert not latest(salon)[0].waits(NOON + 2 * MINUTE)
    assert latest(garage) == [] and latest(salon, NOON + 2 * DAY) == []


def test_what_was_written_before_is_no_answer(salon: Business, garage: Business) -> None:
    hear(salon, "An hour ago", number=MINE, at=NOON - 60 * MINUTE)
    send(salon)
    assert latest(salon)[0].came_back is None


def test_a_number_that_is_known_is_no_new_customer(salon: Business, garage: Business) -> None:
    hear(salon, "Hello", number=MINE, name="Maya Cruz")
    send(salon)
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, latest(salon)[0].message.customer_id)
        assert customer.name == "Maya Cruz"


def test_it_never_goes_to_somebody_who_said_stop(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    hear(salon, "STOP", number=MINE)
    with pytest.raises(Stopped, match="replied STOP"):
        send(salon)
    db.session.rollback()
    assert how_many(salon) == 0


def test_who_says_stop_while_it_waits_does_not_get_it(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    send(salon)
    hear(salon, "STOP", number=MINE)
    drain.drain(NOON + MINUTE)
    assert twilio.sent(MINE) == []


def test_it_goes_out_once_a_minute_and_some_times_a_day(salon: Business, garage: Business) -> None:
    send(salon)
    with pytest.raises(Refused, match="a moment ago"):
        send(salon, at=NOON + 59 * timedelta(seconds=1))
    db.session.rollback()
    send(garage, at=NOON + MINUTE / 2)
    for minute in range(1, send_test.MOST_A_DAY):
        send(salon, at=NOON + minute * MINUTE)
    with pytest.raises(Refused, match="within a day"):
        send(salon, at=NOON + 60 * MINUTE)
    db.session.rollback()
    send(salon, at=NOON + 2 * DAY)


def test_a_form_that_is_posted_twice_at_once_is_one_test(
    app: Flask, salon: Business, garage: Business
) -> None:
    def posts(_: int) -> bool:
        with app.app_context():
            try:
                return bool(send(salon))
            except Refused:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(posts, range(2))) == [False, True]
    assert how_many(salon) == 1


@pytest.mark.parametrize("phone", ["", "12", "hello", "+14155550177; DROP TABLE", "\x00"])
def test_what_is_no_number_is_refused(salon: Business, phone: str) -> None:
    with pytest.raises(BadNumber):
        send(salon, phone)
    db.session.rollback()
    assert how_many(salon) == 0


def test_a_refused_test_leaves_nobody_behind(salon: Business, garage: Business) -> None:
    with unscoped("tests"):
        before = db.session.scalar(select(func.count()).select_from(Customer))
    for phone, why in (("+37167112233", "Latvia"), (salon.number, "number that your business")):
        with pytest.raises(Refused, match=why):
            send(salon, phone)
        db.session.rollback()
    with unscoped("tests"):
        assert db.session.scalar(select(func.count()).select_from(Customer)) == before


def test_a_test_is_an_ordinary_message_that_is_deleted_with_its_mark(salon: Business) -> None:
    id_ = send(salon)
    with tenant_scope(salon.id):
        db.session.delete(db.session.get_one(Message, id_))
        db.session.commit()
    assert how_many(salon) == 0

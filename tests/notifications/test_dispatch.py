"""What is due goes into the outbox once, or is left out with the reason."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.channels import CHANNELS
from app.extensions import db, redis_client
from app.inbox.statistics import statistics
from app.lib.time.clock import local_day
from app.models import (
    ContactPoint,
    Conversation,
    Customer,
    Message,
    MessageTemplate,
    Notification,
    Tenant,
)
from app.notifications import dispatch as dispatcher
from app.notifications.configure.change import pause, resume
from app.notifications.content.wording import wording
from app.notifications.decision import joined
from app.notifications.dispatch import MOST_ATTEMPTS, dispatch
from app.outbox.compose.manual_message import compose
from app.outbox.drain import drain
from app.outbox.queue.due import due
from app.outbox.queue.expiry import TOO_LATE
from app.outbox.queue.rate_limit import adopt
from app.tenancy import tenant_scope, unscoped
from tests.support.browser import Browser
from tests.support.diary import at, book, change, options, states, waiting
from tests.support.queries import statements
from tests.support.world import Business, hear

EVE, START = "2026-11-19 10:00", "2026-11-20 10:00"


@pytest.fixture
def booked(salon: Business, garage: Business) -> int:
    """For START, long before; its confirmation went out."""
    id_ = book(salon, START, now="2026-11-10 12:00")
    dispatch(at("2026-11-10 12:00"))
    with tenant_scope(salon.id):
        db.session.execute(update(Message).where(Message.status == "queued").values(status="sent"))
        db.session.commit()
    return id_


def reason(salon: Business, booked: int) -> str:
    with tenant_scope(salon.id):
        query = select(Notification.reason).where(Notification.type == "appointment_reminder")
        return db.session.scalars(query.where(Notification.appointment_id == booked)).one()


def leaving(owner: Business) -> str:
    """What the outbox sends next for the business, a minute after EVE."""
    moment = at(EVE) + timedelta(minutes=1)
    adopt(moment)
    with unscoped("tests"):
        mine = [row.id for row in due(moment, 9) if row.tenant_id == owner.id]
        return " ".join(db.session.scalars(select(Message.body).where(Message.id.in_(mine))))


def test_a_reminder_goes_out_at_its_minute_and_counts_like_any_message(
    salon: Business, garage: Business, booked: int
) -> None:
    dispatch(at(EVE) - timedelta(seconds=1))
    assert states(salon, booked) == ["24h 2026-11-19 10:00 planned"]
    with statements() as made:
        dispatch(at(EVE))
    # Four look what is due, twice; the number that sends is introduced once. As the customer could
    # be emailed, the day's limit is asked about; of each, whether they may want no more, and what
    # goes with it.
    assert len(made) <= 11 + 4 + 1 + 1 + 1 + 1, len(made)
    assert states(salon, booked) == ["24h 2026-11-19 10:00 sent"]
    assert "Fri, Nov 20 at 10:00 AM" in waiting(salon)[1]
    assert not waiting(garage)
    with tenant_scope(salon.id):
        talk = db.session.scalars(select(Conversation)).one()
        counts = statistics(local_day(at(EVE), salon.timezone))
        message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert talk.last_direction == "inbound", "it moves no conversation"
    assert counts.today == 1
    assert message is not None and message.author_id is None
    assert message.not_after == at("2026-11-19 21:00")


def test_fifty_dispatchers_at_once_send_each_notification_once(
    app: Flask, salon: Business, garage: Business
) -> None:
    for hour in range(10, 15):
        book(salon, f"2026-11-20 {hour}:00", now="2026-11-10 12:00")
        book(garage, f"2026-11-20 {hour}:00", now="2026-11-10 12:00")
    gate, errors = threading.Barrier(50), list[Exception]()

    def work() -> None:
        gate.wait()
        with app.app_context():
            try:
                dispatch(at("2026-11-10 12:00"))
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    dispatch(at("2026-11-10 12:00"))
    assert not errors
    assert len(waiting(salon)) == len(waiting(garage)) == 5


def test_what_is_turned_off_is_not_sent_and_says_so(salon: Business, booked: int) -> None:
    options(salon, "appointment_reminder", enabled=False)
    dispatch(at(EVE))
    assert states(salon, booked) == ["24h 2026-11-19 10:00 turned_off"]
    assert reason(salon, booked) == "Messages of this kind are turned off."


def test_nothing_is_sent_while_the_business_has_paused_and_what_is_useful_goes_after(
    salon: Business, garage: Business, booked: int
) -> None:
    theirs = book(garage, START, now="2026-11-10 12:00")
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).paused_at = at(EVE)
        db.session.commit()
    dispatch(at(EVE))
    assert states(salon, booked) == ["24h 2026-11-19 10:00 planned"]
    assert states(garage, theirs)[0].endswith("sent")
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).paused_at = None
        db.session.commit()
    dispatch(at("2026-11-19 18:00"))
    assert states(salon, booked) == ["24h 2026-11-19 10:00 sent"]


def test_what_waits_in_the_outbox_is_held_back_by_a_pause_but_not_what_staff_wrote(
    salon: Business, garage: Business, booked: int
) -> None:
    book(garage, "2026-11-20 10:30", now="2026-11-10 12:00")
    dispatch(at(EVE))
    assert "a reminder of" in leaving(salon)
    with tenant_scope(salon.id):
        pause(at(EVE))
    assert not leaving(salon)
    assert leaving(garage)
    with tenant_scope(salon.id):
        customer = db.session.get_one(Customer, salon.customer_id)
        by_hand = compose(customer, "sms", "We are closed today.", at(EVE))
        assert leaving(salon) == by_hand.body
        db.session.delete(by_hand)
        resume(at(EVE))
    assert "a reminder of" in leaving(salon)


def test_nobodys_crowd_keeps_the_others_nor_the_outbox_waiting(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [book(salon, f"2026-11-20 10:{minute:02}", "2026-11-10 12:00") for minute in range(15)]
    theirs = book(garage, START, now="2026-11-10 12:00")
    monkeypatch.setattr(dispatcher, "TIME_SLICE", timedelta())
    monkeypatch.setattr(dispatcher, "EACH", 10)
    redis_client().flushdb()
    dispatch(at("2026-11-10 12:00"))
    said = [states(salon, each, "booking_confirmation")[0].split()[-1] for each in many]
    assert (said.count("sent"), said.count("planned")) == (10, 5)
    assert states(garage, theirs, "booking_confirmation")[0].endswith("sent")
    assert redis_client().exists("enqueued:dispatch") and redis_client().exists(
        "enqueued:drain_outbox"
    )
    dispatch(at("2026-11-10 12:00"))
    assert all(states(salon, each, "booking_confirmation")[0].endswith("sent") for each in many)


@pytest.mark.parametrize(
    ("back", "reminders"),
    [
        # Still of use: late, and once.
        ("2026-11-19 20:00", ["2h 2026-11-20 08:00 planned", "24h 2026-11-19 10:00 sent"]),
        # Both are late: the nearer goes for both.
        ("2026-11-20 08:30", ["2h 2026-11-20 08:00 sent", "24h 2026-11-19 10:00 skipped_late"]),
        # In a moment it begins, or it has begun.
        (
            "2026-11-20 09:45",
            ["2h 2026-11-20 08:00 skipped_late", "24h 2026-11-19 10:00 skipped_late"],
        ),
        (
            "2026-11-23 10:00",
            ["2h 2026-11-20 08:00 skipped_late", "24h 2026-11-19 10:00 skipped_late"],
        ),
        # In the night after: with the morning.
        ("2026-11-19 23:00", ["2h 2026-11-20 08:00 planned", "24h 2026-11-20 08:00 planned"]),
    ],
)
def test_after_an_outage_what_is_still_useful_goes_out_once(
    salon: Business, back: str, reminders: list[str]
) -> None:
    options(salon, "appointment_reminder", hours=[2, 24])
    booked = book(salon, START, now="2026-11-10 12:00")
    dispatch(at(back))
    assert states(salon, booked) == reminders


def test_who_said_stop_gets_no_reminder_and_the_reason_says_so(
    salon: Business, booked: int
) -> None:
    hear(salon, "STOP", at=at("2026-11-12 12:00"))
    dispatch(at(EVE))
    assert states(salon, booked) == ["24h 2026-11-19 10:00 opted_out"]
    assert "replied STOP" in reason(salon, booked)


def test_who_cannot_be_reached_gets_none_and_the_reason_says_so(
    salon: Business, booked: int
) -> None:
    with tenant_scope(salon.id):
        for point in db.session.scalars(select(ContactPoint)):
            db.session.delete(point)
        db.session.commit()
    dispatch(at(EVE))
    assert states(salon, booked) == ["24h 2026-11-19 10:00 unreachable"]


@pytest.mark.parametrize(
    ("preferred", "wrote", "channel"),
    [
        (None, False, "sms"),
        ("whatsapp", True, "whatsapp"),
        # Nobody has written by WhatsApp, email is not connected: the business's own choice.
        ("whatsapp", False, "sms"),
        ("email", False, "sms"),
    ],
)
def test_the_customers_own_channel_comes_first_where_it_reaches_them(
    salon: Business, booked: int, preferred: str | None, wrote: bool, channel: str
) -> None:
    if wrote:
        hear(salon, "Hello", channel="whatsapp", at=at(EVE) - timedelta(hours=1))
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).preferred_channel = preferred
        db.session.commit()
    dispatch(at(EVE))
    with tenant_scope(salon.id):
        query = select(Notification.channel).where(Notification.type == "appointment_reminder")
        found = db.session.scalars(query.where(Notification.appointment_id == booked)).one()
    assert found == channel


def test_a_template_that_cannot_be_filled_sends_nothing_and_stops_nobody(
    salon: Business, garage: Business, booked: int
) -> None:
    theirs = book(garage, START, now="2026-11-10 12:00")
    with tenant_scope(salon.id):
        for template in db.session.scalars(select(MessageTemplate)):
            template.body = "Hi {{ custmer_name }}"
        db.session.commit()
    dispatch(at(EVE))
    assert states(salon, booked) == ["24h 2026-11-19 10:00 template"]
    assert "custmer_name" in reason(salon, booked)
    assert states(garage, theirs)[0].endswith("sent")


def test_one_over_which_our_code_breaks_stands_alone_and_is_tried_again(
    salon: Business, booked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = book(salon, "2026-11-20 10:30", now="2026-11-10 12:00")
    with tenant_scope(salon.id):
        poisoned = db.session.scalars(
            select(Notification.id).where(
                Notification.appointment_id == booked, Notification.status == "planned"
            )
        ).one()
    real = dispatcher.decide

    def break_over_it(row: Notification, *more: object) -> object:
        if row.id == poisoned:
            raise RuntimeError("poison")
        return real(row, *more)  # type: ignore[arg-type]

    for module in (dispatcher, joined):
        monkeypatch.setattr(module, "decide", break_over_it)
    for _ in range(MOST_ATTEMPTS + 1):
        dispatch(at("2026-11-19 10:30"))
    assert states(salon, healthy) == ["24h 2026-11-19 10:30 sent"]
    assert states(salon, booked) == ["24h 2026-11-19 10:00 fault"]


def test_a_message_that_waited_past_its_use_is_not_sent(salon: Business, booked: int) -> None:
    dispatch(at(EVE))
    drain(at("2026-11-19 21:00"))
    with tenant_scope(salon.id):
        last = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert last is not None
    assert (last.status, last.error) == ("failed", TOO_LATE)


def test_a_reminder_of_a_time_that_no_longer_holds_is_never_sent(
    salon: Business, booked: int
) -> None:
    change(salon, booked, now="2026-11-18 10:00", start="2026-11-27 10:00")
    dispatch(at(EVE))
    assert len(waiting(salon)) == 1


def test_what_was_cancelled_while_its_message_waited_is_sent_when_it_is_on_again(
    salon: Business, booked: int
) -> None:
    dispatch(at(EVE))
    change(salon, booked, now="2026-11-19 10:00", status="cancelled")
    change(salon, booked, now="2026-11-19 10:01", status="scheduled")
    dispatch(at("2026-11-19 10:01"))
    assert states(salon, booked) == ["24h 2026-11-19 10:00 sent"]
    assert [text.partition(":")[0] for text in waiting(salon)] == ["sent", "cancelled", "queued"]


def test_what_customers_are_called_is_escaped_for_email_and_never_for_sms(
    inside: Business, booked: int
) -> None:
    customer, tenant = (
        db.session.get_one(Customer, inside.customer_id),
        db.session.get_one(Tenant, inside.id),
    )
    customer.first_name = "<b>O'Neil & Söhne</b>"
    row = db.session.scalars(
        select(Notification).where(Notification.appointment_id == booked)
    ).first()
    assert row is not None
    by_email = wording(row, customer, tenant, CHANNELS["email"])
    assert by_email.html and "&lt;b&gt;" in by_email.html and "<b>" not in by_email.html
    assert "<b>O'Neil & Söhne</b>" in by_email.body
    assert "<b>O'Neil & Söhne</b>" in wording(row, customer, tenant, CHANNELS["sms"]).body


def test_nobody_posts_a_message_in_the_place_of_a_reminder(
    salon: Business, garage: Business, staff: Browser
) -> None:
    id_ = book(salon, "2026-11-19 10:00", now="2026-11-10 10:00", announce=False)
    with tenant_scope(salon.id):
        query = select(Notification.id).where(Notification.appointment_id == id_)
        tokens = [f"notification-{each}-0" for each in db.session.scalars(query)]
    said = {"customer_id": salon.customer_id, "channel": "sms", "body": "Hello"}
    for token in tokens * 2:
        answer = staff.post("/messages/send", json=said | {"client_token": token})
        assert answer.status_code == 201
    dispatch(at("2026-11-18 10:00"))
    assert states(salon, id_) == ["24h 2026-11-18 10:00 sent"]
    with tenant_scope(salon.id):
        by_hand = select(Message).where(Message.body == "Hello")
        assert len(db.session.scalars(by_hand).all()) == len(tokens)

"""Answers to reminders change the appointment once, are answered once, or wait for a person."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from app.appointments import commands
from app.channels import CHANNELS
from app.extensions import db
from app.inbound.receive import receive
from app.inbox import conversation_commands
from app.inbox.conversation_log import By
from app.lib.time.clock import now
from app.models import (
    Appointment,
    Conversation,
    Customer,
    Message,
    Notification,
    Reply,
    Tenant,
)
from app.notifications.configure.template_edit import add, write
from app.notifications.content.templates import KINDS
from app.notifications.decision.decide import Send, decide
from app.notifications.dispatch import dispatch
from app.outbox.compose.manual_message import compose
from app.outbox.delivery.claimed import Claimed
from app.outbox.drain import drain
from app.outbox.queue.claim import claim
from app.outbox.settle import record
from app.providers.contract import Received
from app.replies import read, words
from app.replies.act_on_reply import UNASKED
from app.replies.read import LOOK_BACK, read_replies, take
from app.tenancy import tenant_scope
from tests.support import twilio as twilio_posts
from tests.support.beside import Beside
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.diary import at, book, change, left, states
from tests.support.poison import POISON, breaks
from tests.support.queries import statements
from tests.support.world import Business, hear, say, sid

BOOKED, EVE, START = "2026-11-10 12:00", "2026-11-19 10:00", "2026-11-20 10:00"
THEN = at("2026-11-19 11:00")
SEE_YOU = "Thank you! See you on Fri, Nov 20 at 10:00 AM at Bella's Salon."


def remind(owner: Business, start: str = START) -> int:
    """An appointment whose confirmation and reminder went out; its id."""
    id_ = book(owner, start, now=BOOKED)
    dispatch(at(BOOKED))
    left(owner)
    dispatch(at(EVE))
    left(owner)
    return id_


@pytest.fixture
def booked(salon: Business, garage: Business) -> int:
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            # The one that every business has is about the time at which they answer.
            db.session.execute(delete(Appointment))
            db.session.commit()
    return remind(salon)


def allow(owner: Business, **values: object) -> None:
    with tenant_scope(owner.id):
        db.session.execute(update(Tenant).where(Tenant.id == owner.id).values(**values))
        db.session.commit()


def state(owner: Business, id_: int) -> str:
    db.session.rollback()
    with tenant_scope(owner.id):
        return db.session.get_one(Appointment, id_).status


def answers(owner: Business) -> list[str]:
    """What we answered, oldest first."""
    query = select(Message).where(Message.client_token.like("reply-%")).order_by(Message.id)
    with tenant_scope(owner.id):
        found = [message.body for message in db.session.scalars(query)]
        db.session.rollback()
    return found


def outcomes(owner: Business) -> list[str]:
    """What came of what was written since THEN, in its order."""
    since = select(Message.id).where(Message.created_at >= THEN)
    query = select(Reply).where(Reply.message_id.in_(since)).order_by(Reply.message_id)
    with tenant_scope(owner.id):
        rows = db.session.scalars(query)
        found = [f"{row.answer} {row.outcome}" for row in rows]
        db.session.rollback()
    return found


def marked(owner: Business) -> str:
    """The answer that waits for a person; empty: none."""
    with tenant_scope(owner.id):
        reply = db.session.scalars(select(Conversation)).one().open_reply
        found = f"{reply.answer}: {reply.reason}" if reply else ""
        db.session.rollback()
    return found


@pytest.mark.parametrize(
    ("text", "allowed", "becomes", "answered", "waits"),
    [
        ("Y", False, "confirmed", "Thank you! See you", ""),
        # It also is a word for START.
        ("YES", False, "confirmed", "Thank you! See you", ""),
        ("cancel please", True, "cancelled", "is cancelled", ""),
        (
            "cancel please",
            False,
            "scheduled",
            "get back to you",
            "cancel: The settings leave cancelling to a person.",
        ),
        ("running late", True, "scheduled", "knows now", "late: "),
        ("no, I'll be there", True, "scheduled", "", "unclear: It is not clear."),
        ("Do you take cards?", True, "scheduled", "", ""),
        # STOP words always win, and Twilio answers them; CANCEL may have been meant otherwise.
        (" Cancel\n", True, "scheduled", "", "stop: The word also stops our messages"),
        ("CANCEL", False, "scheduled", "", "stop: The word also stops our messages"),
        ("stop", True, "scheduled", "", ""),
        ("END", True, "scheduled", "", ""),
        # No STOP word, as it is no word of Twilio's.
        ("CANCELAR", True, "cancelled", "is cancelled", ""),
        (
            "cancelar",
            False,
            "scheduled",
            "get back to you",
            "cancel: The settings leave cancelling to a person.",
        ),
    ],
)
def test_an_answer_does(
    salon: Business,
    booked: int,
    text: str,
    allowed: bool,
    becomes: str,
    answered: str,
    waits: str,
) -> None:
    allow(salon, reply_cancels=allowed)
    hear(salon, text, at=THEN)
    read_replies(THEN)
    read_replies(THEN)
    assert state(salon, booked) == becomes
    assert [answered in body for body in answers(salon)] == [True] * bool(answered)
    assert marked(salon).startswith(waits) and bool(marked(salon)) == bool(waits)


@pytest.mark.parametrize(
    ("text", "becomes"), [("Yes", "confirmed"), ("cancel please", "cancelled")]
)
def test_an_answer_to_the_notice_of_a_new_time_is_about_that(
    salon: Business, booked: int, text: str, becomes: str
) -> None:
    allow(salon, reply_cancels=True)
    with tenant_scope(salon.id):
        commands.change(booked, THEN, tell=True, starts_at=at("2026-11-20 16:00"))
    dispatch(THEN + timedelta(minutes=1))
    left(salon)
    hear(salon, text, at=THEN + timedelta(minutes=2))
    read_replies(THEN + timedelta(minutes=2))
    assert state(salon, booked) == becomes
    assert ["4:00 PM" in body for body in answers(salon)] == [True]


def test_who_cancels_by_an_answer_is_answered_and_told_by_no_notice(
    salon: Business, booked: int
) -> None:
    allow(salon, reply_cancels=True)
    hear(salon, "cancel please", at=THEN)
    read_replies(THEN)
    dispatch(THEN + timedelta(minutes=5))
    assert len(answers(salon)) == 1 and states(salon, booked, "appointment_cancelled") == []
    # Reopened, it is on again for somebody who takes it to be off.
    with tenant_scope(salon.id):
        commands.reopen(booked, THEN + timedelta(minutes=6), tell=True)
    assert len(states(salon, booked, "appointment_moved")) == 1


@pytest.mark.parametrize(
    ("happens", "waits"),
    [("nothing was asked", False), ("cancelled", False), ("moved", True), ("staff wrote", True)],
)
def test_a_lone_cancel_waits_for_a_person_where_an_appointment_can_be_meant(
    salon: Business, garage: Business, staff: Browser, happens: str, waits: bool
) -> None:
    if happens != "nothing was asked":
        booked = remind(salon)
    if happens == "cancelled":
        change(salon, booked, now="2026-11-19 10:30", status="cancelled")
    elif happens == "moved":
        change(salon, booked, now="2026-11-19 10:30", start="2026-11-20 15:00")
    elif happens == "staff wrote":
        say(salon, "See you!", at=at("2026-11-19 10:30"))
    hear(salon, "CANCEL", at=THEN)
    read_replies(THEN)
    assert bool(marked(salon)) == waits
    told = "May want to cancel · Fri, Nov 20, 10:00 AM"
    for path in ("/messages", f"/messages/{salon.customer_id}"):
        assert (told in staff.get(path).text) == waits
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert "This person replied CANCEL. You cannot write to them" in page
    assert not answers(salon)


@pytest.mark.parametrize(
    ("happens", "said"),
    [("nothing", 1), ("moved", 0), ("cancelled", 0), ("deleted", 0), ("moved as it is sent", 0)],
)
def test_what_we_answered_is_not_said_once_it_does_not_hold(
    salon: Business, twilio: Carrier, booked: int, happens: str, said: int
) -> None:
    hear(salon, "Y", at=THEN)
    read_replies(THEN)
    with tenant_scope(salon.id):
        held = [Claimed.of(each) for each in claim(THEN, 8)] if "sent" in happens else []
        match happens.split():
            case ["moved", *_]:
                commands.change(booked, THEN, starts_at=at("2026-11-20 15:00"))
            case ["cancelled"]:
                commands.change(booked, THEN, status="cancelled")
            case ["deleted"]:
                commands.delete(booked, THEN)
        for message in held:
            record.release(message)
    drain(THEN + timedelta(minutes=1))
    assert sum("Thank you!" in each["body"] for each in twilio.sent(salon.customer_number)) == said


def test_a_cancelled_appointments_reminders_are_taken_out_with_it(
    salon: Business, garage: Business
) -> None:
    allow(salon, reply_cancels=True)
    booked = book(salon, START, now=BOOKED)
    dispatch(at(BOOKED))
    left(salon)
    hear(salon, "No puedo ir", at=at("2026-11-11 09:00"))
    read_replies(at("2026-11-11 09:00"))
    assert state(salon, booked) == "cancelled"
    assert states(salon, booked) == ["24h 2026-11-19 10:00 appointment_over"]


def words_of_its_own(owner: Business, language: str, **bodies: str) -> None:
    """The business writes these texts for SMS itself, by the kind."""
    with tenant_scope(owner.id):
        for kind, body in bodies.items():
            template = add(KINDS[kind], CHANNELS["sms"], language)
            write(template, "", body)
        db.session.commit()


@pytest.mark.parametrize(
    ("speaks", "english", "spanish", "said"),
    [
        # No Spanish reminder, so no Spanish answer.
        ("es-MX", {}, {}, SEE_YOU),
        ("es-MX", {}, {"answer_confirmed": "¡Vale!"}, SEE_YOU),
        (None, {"answer_confirmed": "Till {{appointment_time}}!"}, {}, "Till 10:00 AM!"),
        # Asked in Spanish, so no English answer.
        (
            "es-MX",
            {"answer_confirmed": "Till then!"},
            {"appointment_reminder": "Mañana a las {{appointment_time}}"},
            "¡Gracias! Te esperamos el vie, 20 de nov, 10:00 a.m., en Bella's Salon.",
        ),
        (
            "es",
            {},
            {
                "appointment_reminder": "Mañana",
                "answer_confirmed": "¡Hasta el {{appointment_date}}!",
            },
            "¡Hasta el vie, 20 de nov!",
        ),
    ],
)
def test_the_answer_is_in_the_business_words_and_in_the_language_of_what_was_asked(
    salon: Business,
    garage: Business,
    speaks: str | None,
    english: dict[str, str],
    spanish: dict[str, str],
    said: str,
) -> None:
    words_of_its_own(salon, "en", **english)
    words_of_its_own(salon, "es", **spanish)
    words_of_its_own(garage, "en", answer_confirmed="Theirs")
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).language = speaks
        db.session.commit()
    remind(salon)
    # Quiet hours do not hold back what answers somebody.
    night = at("2026-11-19 23:30")
    hear(salon, "sí", at=night)
    read_replies(night)
    assert answers(salon) == [said]


def test_an_answer_whose_text_cannot_be_used_is_left_to_a_person(
    salon: Business, booked: int
) -> None:
    words_of_its_own(salon, "en", answer_confirmed='{% if staff_name == "Eve" %}Hi{% endif %}.')
    with tenant_scope(salon.id):
        template = add(KINDS["answer_confirmed"], CHANNELS["sms"], "en")
        # As it may have been stored before it was checked as it is today.
        template.body = template.body.removesuffix(".")
        db.session.commit()
    hear(salon, "Y", at=THEN)
    read_replies(THEN)
    assert state(salon, booked) == "confirmed"
    assert marked(salon).startswith("confirm: Nobody has answered: the text for it cannot be used.")
    assert not answers(salon)


def test_a_repeated_answer_is_not_answered_again(salon: Business, booked: int) -> None:
    for minute, text in enumerate(["Y", "yes", "running late", "running late"]):
        hear(salon, text, at=THEN + timedelta(minutes=minute))
        read_replies(THEN + timedelta(minutes=minute))
    assert len(answers(salon)) == 2
    assert outcomes(salon) == [
        "confirm confirmed",
        "confirm nothing",
        "late to_staff",
        "late to_staff",
    ]


def test_a_stranger_with_the_same_number_is_another_customer(
    salon: Business, garage: Business, booked: int
) -> None:
    theirs = remind(garage)
    hear(garage, "Y", number=salon.customer_number, at=THEN)
    read_replies(THEN)
    assert (state(salon, booked), state(garage, theirs)) == ("scheduled", "scheduled")
    hear(salon, "Y", at=THEN)
    read_replies(THEN)
    assert (state(salon, booked), state(garage, theirs)) == ("confirmed", "scheduled")
    assert not answers(garage)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        ("another", "Several appointments can be meant."),
        ("staff wrote", "Something else was written to them since they were told of it."),
        ("moved", "The appointment has another time by now."),
        ("cancelled", "The appointment is cancelled."),
        ("begun", "The appointment had begun."),
    ],
)
def test_what_can_be_meant_otherwise_is_for_a_person(
    salon: Business, booked: int, happens: str, reason: str
) -> None:
    allow(salon, reply_cancels=True)
    when = at(START) + timedelta(minutes=5) if happens == "begun" else THEN
    if happens == "another":
        remind(salon, "2026-11-20 09:30")
    elif happens == "staff wrote":
        say(salon, "Shall we look for another day?", at=at("2026-11-19 10:30"))
    elif happens == "moved":
        change(salon, booked, now="2026-11-19 10:30", start="2026-11-20 15:00")
    elif happens == "cancelled":
        change(salon, booked, now="2026-11-19 10:30", status="cancelled")
    before = state(salon, booked)
    hear(salon, "cancel please", at=when)
    read_replies(when)
    assert state(salon, booked) == before
    assert marked(salon) == f"cancel: {reason}"
    assert not answers(salon)


@pytest.mark.parametrize(
    ("written_before", "text", "days_later"),
    [("What colour?", "Ok", 0), ("What colour?", "maybe another one", 0), ("", "maybe red?", 3)],
)
def test_what_most_likely_is_about_something_else_changes_and_marks_nothing(
    salon: Business, garage: Business, written_before: str, text: str, days_later: int
) -> None:
    booked = book(salon, START, now=BOOKED)
    dispatch(at(BOOKED))
    left(salon)
    if written_before:
        say(salon, written_before, at=at("2026-11-10 13:00"))
    when = at("2026-11-10 14:00") + timedelta(days=days_later)
    hear(salon, text, at=when)
    read_replies(when)
    assert state(salon, booked) == "scheduled"
    assert not marked(salon)
    assert not answers(salon)


def test_one_over_which_our_code_breaks_keeps_nobody_else_waiting(
    salon: Business, garage: Business, booked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = remind(garage)
    hear(salon, POISON, at=THEN)
    hear(garage, "Y", at=THEN)
    with monkeypatch.context() as patch:
        breaks(patch, words, "read")
        read_replies(THEN)
    assert state(garage, theirs) == "confirmed"
    assert outcomes(salon) == []
    read_replies(THEN)
    assert outcomes(salon) == ["none nothing"]


def test_an_answer_to_the_first_makes_the_next_one_unambiguous(
    salon: Business, booked: int
) -> None:
    hear(salon, "Y", at=THEN)
    read_replies(THEN)
    left(salon)
    second = book(salon, "2026-11-21 09:00", now="2026-11-19 11:30")
    dispatch(at("2026-11-19 11:30"))
    left(salon)
    hear(salon, "Y", at=at("2026-11-19 12:00"))
    read_replies(at("2026-11-19 12:00"))
    assert state(salon, second) == "confirmed"


def test_while_the_business_has_paused_nobody_is_answered_and_staff_are_told(
    salon: Business, booked: int
) -> None:
    allow(salon, paused_at=THEN)
    hear(salon, "Y", at=THEN)
    read_replies(THEN)
    assert state(salon, booked) == "confirmed"
    assert not answers(salon)
    assert marked(salon).startswith("confirm: Automatic messages are paused")


def test_readers_at_once_act_on_each_answer_once(
    app: Flask, salon: Business, garage: Business, booked: int
) -> None:
    theirs = remind(garage)
    for owner in (salon, garage):
        for text in ("Y", "Y", "running late"):
            hear(owner, text, at=THEN)
    gate, errors = threading.Barrier(12), list[Exception]()

    def work() -> None:
        gate.wait()
        with app.app_context():
            try:
                read_replies(THEN)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    read_replies(THEN)
    assert not errors
    for owner, id_ in ((salon, booked), (garage, theirs)):
        assert state(owner, id_) == "confirmed"
        assert sorted(outcomes(owner)) == ["confirm confirmed", "confirm nothing", "late to_staff"]
        assert len(answers(owner)) == 2


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def killed_before_the_commit() -> Iterator[None]:
    """Once, when all but the mark for staff and the commit is done."""
    kills = [Killed]

    def kill(session: Session, *_: object) -> None:
        if any(isinstance(row, Reply) and row.outcome == "confirmed" for row in session.new):
            for death in kills[:]:
                kills.clear()
                raise death

    event.listen(db.session, "after_flush", kill)
    yield
    event.remove(db.session, "after_flush", kill)


@pytest.mark.usefixtures("killed_before_the_commit")
def test_killed_halfway_nothing_is_done_and_the_next_does_it_once(
    salon: Business, booked: int
) -> None:
    hear(salon, "Y", at=THEN)
    with pytest.raises(Killed):
        read_replies(THEN)
    db.session.remove()
    assert state(salon, booked) == "scheduled"
    assert not answers(salon)
    assert not outcomes(salon)
    read_replies(THEN)
    assert state(salon, booked) == "confirmed"
    assert answers(salon) == [SEE_YOU]


def test_what_was_read_and_what_is_long_past_costs_nothing(salon: Business, booked: int) -> None:
    def cost(now: datetime) -> int:
        with statements() as seen:
            read_replies(now)
        return len(seen)

    for _ in range(5):
        hear(salon, "thanks", at=THEN)
    # One for what is not read, one for marks whose time is over.
    assert cost(THEN + LOOK_BACK) == 2
    assert outcomes(salon) == []
    read_replies(THEN)
    assert outcomes(salon) == ["none nothing"] * 5
    assert cost(THEN) == 2


@pytest.mark.parametrize(
    ("texts", "allowed", "waits", "said"),
    [
        # Nobody is thanked for being late who has cancelled, however fast they write.
        (["Running late", "No puedo ir hoy"], False, "cancel", []),
        (["Running late", "No puedo ir mañana"], False, "cancel", ["get back to you"]),
        (["Running late", "No puedo ir mañana"], True, "", ["is cancelled"]),
        (["Running late", "Need to cancel, kid is sick"], True, "may_cancel", []),
        (["Running late", "can we reschedule"], True, "move", []),
        (["Running late", "my kid has to see another doctor"], True, "unclear", []),
        (["can we reschedule", "Running late, no bus"], True, "move", []),
        (["can we reschedule", "hm, another day maybe"], True, "move", []),
        (["cancel please", "running late"], False, "cancel", ["knows now"]),
        (["can we reschedule", "cancel please"], False, "cancel", ["get back to you"]),
        (["hm, maybe", "running late"], True, "late", ["knows now"]),
        (["Running late", "thanks"], True, "late", ["knows now"]),
        (["Running late", "running 5 min late"], True, "late", ["knows now"]),
        (["Y", "running late"], True, "late", ["knows now"]),
    ],
)
def test_what_they_write_last_takes_back_what_waits_and_no_lighter_mark_hides_it(
    salon: Business,
    booked: int,
    twilio: Carrier,
    texts: list[str],
    allowed: bool,
    waits: str,
    said: list[str],
) -> None:
    allow(salon, reply_cancels=allowed)
    for text in texts:
        hear(salon, text, at=THEN)
    read_replies(THEN)
    drain(THEN)
    assert marked(salon).partition(":")[0] == waits
    sent = [message["body"] for message in twilio.sent(salon.customer_number)]
    assert [words in body for words, body in zip(said, sent, strict=True)] == [True] * len(said)


def test_an_answer_waits_until_what_they_wrote_meanwhile_is_read(
    salon: Business, booked: int, twilio: Carrier
) -> None:
    hear(salon, "running late", at=THEN)
    read_replies(THEN)
    hear(salon, "I can't make it tomorrow", at=THEN)
    drain(THEN)
    assert not twilio.sent(salon.customer_number)
    read_replies(THEN)
    drain(THEN)
    assert ["get back" in each["body"] for each in twilio.sent(salon.customer_number)] == [True]


def test_an_answer_waits_for_nothing_that_was_written_before_and_recovered_late(
    salon: Business, booked: int, twilio: Carrier
) -> None:
    hear(salon, "running late", at=THEN)
    read_replies(THEN)
    lost = Received(sid(), salon.customer_number, (), salon.number, "", "What colour?", ())
    # Two days old, so that nobody reads it as an answer.
    receive(salon.route, CHANNELS["sms"], lost, at("2026-11-17 11:00"), recovered=True)
    read_replies(THEN)
    drain(THEN)
    assert ["knows now" in each["body"] for each in twilio.sent(salon.customer_number)] == [True]


def test_an_answer_that_is_late_holds_back_behind_a_rules_text(
    salon: Business, booked: int
) -> None:
    hear(salon, "Y", at=THEN)
    sent = say(salon, "We are closed today.", at=THEN + timedelta(seconds=5))
    with tenant_scope(salon.id):
        by_rule = update(Message).where(Message.id == sent).values(client_token="rule:1")
        db.session.execute(by_rule)
        db.session.commit()
    read_replies(THEN + timedelta(seconds=50))
    assert (state(salon, booked), answers(salon)) == ("confirmed", [])


def test_what_a_busy_customer_wrote_is_read_in_its_order(
    salon: Business, booked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(salon, "Y", at=THEN)
    hear(salon, "I can't make it", at=THEN + timedelta(seconds=1))
    held, alone = [salon.customer_id], read.alone_with
    monkeypatch.setattr(
        read, "alone_with", lambda id_: alone(id_) if id_ not in held else bool(held.remove(id_))
    )
    read_replies(THEN + timedelta(seconds=2))
    assert outcomes(salon) == []
    read_replies(THEN + timedelta(seconds=3))
    assert outcomes(salon) == ["confirm confirmed", "cancel to_staff"]


def test_who_moves_it_while_an_answer_is_taken_back_is_not_ended(
    app: Flask, salon: Business, booked: int, twilio: Carrier
) -> None:
    hear(salon, "running late", at=THEN)
    read_replies(THEN)
    hear(salon, "I can't make it tomorrow", at=THEN)
    with tenant_scope(salon.id):
        last = select(Message.id).order_by(Message.id.desc()).limit(1)
        said = db.session.scalars(last).one()
        db.session.get_one(Appointment, booked, with_for_update=True)
        reading = Beside(app, salon, lambda: take(said, THEN))
        reading.start()
        reading.waits()
        commands.alter(booked, THEN, starts_at=at("2026-11-21 10:00"))
        db.session.commit()
    reading.join()
    assert reading.error is None
    assert marked(salon) == "cancel: The appointment has another time by now."
    drain(THEN)
    assert not twilio.sent(salon.customer_number)


@pytest.mark.parametrize(
    ("text", "becomes", "waits"),
    [
        ("No puedo ir mañana", "cancelled", ""),
        ("I won't make it on Friday", "cancelled", ""),
        ("I won't make it on Monday", "scheduled", "cancel: They name another day"),
        ("no podré ir hoy", "scheduled", "cancel: They name another day"),
        ("Need to cancel, kid is sick", "scheduled", "may_cancel: They say more than that"),
        ("Running late, the bus is gone", "scheduled", "may_be_late: They say more than that"),
        ("can we reschedule", "scheduled", "move: "),
    ],
)
def test_a_day_decides_which_appointment_is_meant_and_doubt_leaves_it_to_a_person(
    salon: Business, booked: int, text: str, becomes: str, waits: str
) -> None:
    allow(salon, reply_cancels=True)
    hear(salon, text, at=THEN)
    read_replies(THEN)
    assert state(salon, booked) == becomes
    assert marked(salon).startswith(waits) and bool(marked(salon)) == bool(waits)
    assert bool(answers(salon)) == (becomes == "cancelled")


@pytest.mark.parametrize(("said", "waits"), [("Yes, I'll be there", False), ("Hm?", True)])
def test_what_is_settled_by_itself_opens_no_conversation_for_long(
    salon: Business, garage: Business, booked: int, said: str, waits: bool
) -> None:
    with tenant_scope(salon.id):
        conversation_commands.close(salon.customer_id, By(), THEN)
        db.session.commit()
    hear(salon, said, at=THEN)
    read_replies(THEN)
    with tenant_scope(salon.id):
        talk = db.session.scalars(select(Conversation)).one()
        assert (talk.state(THEN) == "open") is waits
        assert (talk.waits_since == THEN) is waits
    with tenant_scope(garage.id):
        assert db.session.scalars(select(Conversation)).one().waits_since is not None


def test_what_they_wrote_beside_an_answer_still_waits(salon: Business, booked: int) -> None:
    hear(salon, "Can I bring my dog?", at=THEN - timedelta(minutes=2))
    hear(salon, "Yes", at=THEN)
    read_replies(THEN)
    with tenant_scope(salon.id):
        talk = db.session.scalars(select(Conversation)).one()
        assert talk.waits_since is not None and talk.waits_since < THEN


def test_an_appointment_is_cancelled_where_it_is_asked_for(
    salon: Business, garage: Business, booked: int, staff: Browser
) -> None:
    theirs = remind(garage)
    for owner in (salon, garage):
        hear(owner, "Need to cancel, kid is sick", at=THEN)
    read_replies(THEN)
    page = f"/messages/{salon.customer_id}"
    text = staff.get(page).text
    assert "May want to cancel" in text
    assert "Cancel the appointment of Ann, Fri, Nov 20, 10:00 AM?" in text
    action = text.split('class="waits"')[1].split('formaction="')[1].split('"')[0]
    foreign = action.replace(page, f"/messages/{garage.customer_id}")
    assert staff.post(foreign).status_code == 404
    assert staff.post(action, json={}).status_code == 200
    assert (state(salon, booked), state(garage, theirs)) == ("cancelled", "scheduled")
    assert not marked(salon)
    again = staff.post(action, json={})
    assert again.status_code == 422 and again.json
    assert "This waits no more" in again.json["error"]


def test_whoever_is_cancelled_from_the_mark_is_told_what_was_shown(
    salon: Business, garage: Business, booked: int, staff: Browser
) -> None:
    moment = now()
    allow(salon, quiet_from=None, quiet_until=None)
    with tenant_scope(salon.id):
        soon = {"starts_at": moment + timedelta(hours=1), "duration_minutes": 60}
        commands.book(moment, announce=False, customer_id=salon.customer_id, **soon)
    hear(salon, "Need to cancel, kid is sick", at=moment)
    read_replies(moment)
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert ">Cancel and tell Ann</button>" in page
    action, question = page.split('class="waits"')[1].split('formaction="')[1].split('"')[:3:2]
    done = staff.post(action, json={}).json
    assert done and done["said"] == "Cancelled. The customer is told by SMS in half a minute."
    with tenant_scope(salon.id):
        row = db.session.scalars(
            select(Notification).where(Notification.type == "appointment_cancelled")
        ).one()
        verdict = decide(row, moment)
        assert isinstance(verdict, Send)
        assert verdict.wording.body in unescape(question)
        db.session.rollback()


def test_nothing_is_cancelled_where_another_appointment_is_just_now(
    salon: Business, booked: int
) -> None:
    allow(salon, reply_cancels=True)
    here = book(salon, "2026-11-19 11:10", now="2026-11-19 08:00", announce=False)
    hear(salon, "cancel please", at=THEN)
    read_replies(THEN)
    assert (state(salon, here), state(salon, booked)) == ("scheduled", "scheduled")
    assert marked(salon) == "cancel: Several appointments can be meant."


@pytest.mark.parametrize("text", ["running late", "hm, maybe"])
def test_only_who_may_not_come_is_offered_to_be_cancelled(
    salon: Business, booked: int, staff: Browser, text: str
) -> None:
    hear(salon, text, at=THEN)
    read_replies(THEN)
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert ">Done</button>" in page and "Cancel appointment" not in page


@pytest.mark.parametrize(
    ("happens", "waits"),
    [
        ("nothing", True),
        ("confirmed", True),
        ("cancelled", False),
        ("moved", False),
        ("deleted", False),
        ("over", False),
    ],
)
def test_a_mark_goes_by_itself_with_its_appointment(
    salon: Business, garage: Business, booked: int, happens: str, waits: bool
) -> None:
    remind(garage, "2026-11-20 12:30")
    for owner in (salon, garage):
        hear(owner, "cancel please", at=THEN)
    read_replies(THEN)
    with tenant_scope(salon.id):
        match happens:
            case "confirmed":
                commands.confirm(booked, THEN)
            case "cancelled":
                commands.cancel(booked, THEN)
            case "moved":
                commands.change(booked, THEN, starts_at=at("2026-11-20 15:00"))
            case "deleted":
                commands.delete(booked, THEN)
    end = at("2026-11-20 11:00")
    read_replies(end + timedelta(minutes=1) if happens == "over" else end)
    assert bool(marked(salon)) == waits
    assert marked(garage)


def test_what_is_not_clear_waits_for_a_person_whatever_the_appointment_does(
    salon: Business, booked: int
) -> None:
    hear(salon, "hm, maybe", at=THEN)
    read_replies(THEN)
    with tenant_scope(salon.id):
        commands.cancel(booked, THEN)
    read_replies(at("2026-11-21 10:00"))
    assert marked(salon).startswith("unclear")


@pytest.mark.parametrize(
    ("text", "start", "waits"),
    [
        ("Stuck in traffic, 20 minutes", "2026-11-19 11:10", "late"),
        ("Stuck in traffic, 20 minutes", "2026-11-19 09:10", "late"),
        ("can we reschedule", "2026-11-19 12:30", "move"),
        ("No puedo ir hoy", "2026-11-19 12:30", "cancel"),
        ("Stuck in traffic, 20 minutes", "2026-11-19 13:10", ""),
        ("Stuck in traffic, 20 minutes", "2026-11-19 08:50", ""),
        ("ok", "2026-11-19 11:10", ""),
        ("Is there parking? Maybe another street", "2026-11-19 11:10", ""),
    ],
)
def test_what_comes_about_the_time_of_an_appointment_is_a_mark_though_nobody_asked(
    salon: Business, booked: int, text: str, start: str, waits: str
) -> None:
    # That one was asked about, and its answer must not be said to this.
    allow(salon, reply_cancels=True)
    with tenant_scope(salon.id):
        db.session.execute(delete(Notification))
        db.session.commit()
    here = book(salon, start, now="2026-11-19 08:00", announce=False)
    hear(salon, text, at=THEN)
    read_replies(THEN)
    assert marked(salon) == (f"{waits}: {UNASKED}" if waits else "")
    assert (state(salon, here), state(salon, booked)) == ("scheduled", "scheduled")
    assert not answers(salon)


def test_whoever_runs_late_now_is_late_for_what_is_now(salon: Business, booked: int) -> None:
    here = book(salon, "2026-11-19 11:10", now="2026-11-19 08:00", announce=False)
    hear(salon, "running late", at=THEN)
    read_replies(THEN)
    assert marked(salon) == f"late: {UNASKED}"
    with tenant_scope(salon.id):
        reply = db.session.scalars(select(Reply).order_by(Reply.id.desc())).first()
        assert reply and reply.appointment_id == here
        db.session.rollback()
    assert not answers(salon)


def test_staff_see_who_waits_and_clear_it_by_answering_or_as_done(
    salon: Business, garage: Business, booked: int, staff: Browser
) -> None:
    page = f"/messages/{salon.customer_id}"
    hear(salon, "cancel please", at=THEN)
    read_replies(THEN)
    for path in ("/messages?waiting=1", page):
        assert "Wants to cancel · Fri, Nov 20, 10:00 AM" in staff.get(path).text
    assert f'href="/calendar/{booked}"' in staff.get(page).text
    done = staff.get(page).text.split("/done/")[1].split('"')[0]
    assert staff.post(f"{page}/done/{int(done) + 1}").status_code == 302
    assert marked(salon)
    assert staff.post(f"{page}/done/{done}").status_code == 302
    assert not marked(salon)
    assert page not in staff.get("/messages?waiting=1").text
    hear(salon, "running late", at=THEN + timedelta(minutes=1))
    read_replies(THEN + timedelta(minutes=1))
    assert "Runs late · Fri, Nov 20, 10:00 AM" in staff.get("/messages?waiting=1").text
    with tenant_scope(salon.id):
        compose(db.session.get_one(Customer, salon.customer_id), "sms", "No problem", THEN)
    assert not marked(salon)


def test_from_the_customers_telephone_to_the_confirmed_appointment_and_back(
    twilio: Carrier, salon: Business, garage: Business, staff: Browser
) -> None:
    booked = book(salon, START, now=BOOKED)
    for moment in (at(BOOKED), at(EVE)):
        dispatch(moment)
        drain(moment)
    assert "a reminder of your" in twilio.sent(salon.customer_number)[-1]["body"]
    twilio_posts.text(salon, "Yes!", number=salon.customer_number)
    with tenant_scope(salon.id):
        query = update(Message).where(Message.body == "Yes!").values(created_at=THEN)
        db.session.execute(query)
        db.session.commit()
    read_replies(THEN)
    drain(THEN)
    assert state(salon, booked) == "confirmed"
    assert [message["body"] for message in twilio.sent(salon.customer_number)][-1] == SEE_YOU
    assert not twilio.sent(garage.customer_number)
    shown = staff.get(f"/messages/{salon.customer_id}").text
    assert "Confirmed by reply: Fri, Nov 20, 10:00 AM" in shown

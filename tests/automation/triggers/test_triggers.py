"""What sets a rule off, and what does not."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app import events
from app.appointments import commands
from app.automation import collect
from app.automation.triggers import TRIGGERS
from app.extensions import db
from app.inbox import conversation_commands as conversations
from app.inbox import labelling
from app.inbox.conversation_log import By
from app.lib.message_status import MessageStatus
from app.models import (
    AutomationRule,
    Call,
    ContactPoint,
    Customer,
    EventType,
    Message,
    Origin,
    ReceivedEmail,
    Reply,
)
from tests.automation import rules
from tests.automation.rules import (
    HOUR,
    MINUTE,
    ON,
    SECOND,
    THEN,
    look,
    rule,
    runs,
    statuses,
    writes,
)
from tests.support import world
from tests.support.world import Business

NEWCOMER = "+12125550777"
DAY = timedelta(days=1)


def test_any_message_of_a_customer_does(inside: Business) -> None:
    rule("customer_wrote")
    writes(inside)
    writes(inside, "And?", at=THEN + MINUTE)
    assert statuses() == ["done", "done"]


def test_only_the_first_message_ever_is_a_first_message(inside: Business) -> None:
    rule("first_message")
    writes(inside)
    writes(inside, number=NEWCOMER, at=THEN + MINUTE)
    writes(inside, number=NEWCOMER, at=THEN + 2 * MINUTE)
    assert statuses() == ["done"]
    assert runs()[0].customer_id != inside.customer_id


def test_whoever_has_called_before_is_no_newcomer(inside: Business) -> None:
    rule("first_message")
    caller = Customer(first_name="Cal")
    caller.contact_points = [ContactPoint(channel="sms", address=NEWCOMER)]
    db.session.add(caller)
    db.session.flush()
    db.session.add(Call(customer_id=caller.id, caller=NEWCOMER, started_at=ON))
    db.session.commit()
    writes(inside, number=NEWCOMER)
    assert statuses() == []


@pytest.mark.parametrize(("silence", "status"), [(29, []), (31, ["done"])])
def test_whoever_was_not_heard_of_for_so_long_writes_again(
    inside: Business, silence: int, status: list[str]
) -> None:
    db.session.execute(update(Call).values(started_at=THEN - timedelta(days=silence)))
    before = THEN - timedelta(days=silence)
    db.session.execute(update(Message).values(created_at=before))
    db.session.commit()
    rule(("wrote_again", {"days": 30}))
    writes(inside)
    writes(inside, "And?", at=THEN + MINUTE)
    assert statuses() == status


def test_a_newcomer_does_not_write_again(inside: Business) -> None:
    rule(("wrote_again", {"days": 1}))
    writes(inside, number=NEWCOMER)
    assert statuses() == []


def test_a_missed_call_does(inside: Business) -> None:
    rule("call_missed")
    call = {"customer_id": inside.customer_id, "caller": "x", "outcome": "missed"}
    db.session.add(Call(started_at=THEN, missed_at=THEN, **call))
    db.session.commit()
    look(THEN + SECOND)
    assert statuses() == ["done"]


def test_a_call_that_turns_out_to_have_been_taken_does_not(inside: Business) -> None:
    rule("call_missed")
    call = {"customer_id": inside.customer_id, "caller": "x", "outcome": "missed"}
    db.session.add(Call(started_at=THEN, missed_at=THEN, **call))
    db.session.commit()
    with rules.outside():
        collect.collect(THEN + SECOND)
    db.session.execute(
        update(Call).where(Call.started_at == THEN).values(outcome="answered", missed_at=None)
    )
    db.session.commit()
    look(THEN + MINUTE)
    assert statuses() == []


@pytest.mark.parametrize(
    ("trigger", "change"),
    [
        ("appointment_moved", {"starts_at": THEN + 3 * DAY}),
        ("appointment_cancelled", {"status": "cancelled"}),
        ("appointment_completed", {"status": "completed", "at": THEN + 2 * DAY + HOUR}),
        ("appointment_missed", {"status": "no_show", "at": THEN + 2 * DAY + HOUR}),
    ],
)
def test_what_becomes_of_an_appointment_sets_off_the_rules_for_that_alone(
    inside: Business, trigger: str, change: dict[str, Any]
) -> None:
    for key in TRIGGERS:
        if key.startswith("appointment_") and key != "appointment_booked":
            rule(key, name=key)
    starts = THEN + 2 * DAY
    one = commands.book(THEN, customer_id=inside.customer_id, starts_at=starts, duration_minutes=60)
    at = change.pop("at", THEN)
    commands.change(one.id, at, **change)
    commands.change(one.id, at, notes="by the window")
    look(at + 10 * MINUTE)
    assert [(run.rule_name, run.status) for run in runs()] == [(trigger, "done")]
    assert "_" not in runs()[0].facts["Appointment"]  # words, and no key such as no_show


def test_a_booking_does(inside: Business) -> None:
    rule("appointment_booked")
    commands.book(THEN, customer_id=inside.customer_id, starts_at=THEN + DAY, duration_minutes=60)
    look(THEN + SECOND)
    assert statuses() == ["done"]
    assert runs()[0].facts == {"Appointment": "Nov 19, 2026, 2:00 PM, scheduled"}


def test_a_message_that_failed_does(inside: Business) -> None:
    rule("delivery_failed")
    world.say(inside, "See you", status=MessageStatus.FAILED, at=THEN)
    look(THEN + SECOND)
    assert statuses() == ["done"]


def test_a_label_does_once_when_it_comes_to_be_there(inside: Business) -> None:
    quote, other = rules.label(), rules.label("Other")
    rule(("label_added", {"label": quote}))
    for _ in range(2):
        labelling.add_label(inside.customer_id, int(quote), By(), THEN)
        labelling.add_label(inside.customer_id, int(other), By(), THEN)
        db.session.commit()
        look(THEN + SECOND)
    assert statuses() == ["done"]


@pytest.mark.parametrize(("chosen", "status"), [(["cancel"], ["done"]), (["confirm", "late"], [])])
def test_an_answer_to_a_reminder_does_by_what_it_says(
    inside: Business, chosen: list[str], status: list[str]
) -> None:
    rule(("reply_read", {"answers": chosen}))
    with events.acting(Origin.CUSTOMER):
        events.record(EventType.REPLY_READ, inside.customer_id, THEN, answer="may_cancel")
    db.session.commit()
    look(THEN + SECOND)
    assert statuses() == status


def waits(minutes: int = 30, **more: str) -> None:
    rule(("nobody_answered", {"minutes": minutes, **more}))


def test_a_rule_that_waits_is_judged_at_its_time(inside: Business) -> None:
    waits()
    writes(inside)
    assert statuses() == ["waiting"]
    look(THEN + 29 * MINUTE)
    assert statuses() == ["waiting"]
    look(THEN + 30 * MINUTE)
    look(THEN + 31 * MINUTE)
    assert statuses() == ["done"]


def test_it_is_void_once_staff_have_answered(inside: Business) -> None:
    waits()
    writes(inside)
    world.say(inside, "Here we are", at=THEN + 5 * MINUTE)
    look(THEN + 30 * MINUTE)
    assert [(run.status, run.reason) for run in runs()] == [("void", "Somebody answered.")]


def test_it_is_void_once_somebody_has_closed_the_conversation(inside: Business) -> None:
    rule(("nobody_answered", {"minutes": 10}), do=["close"])
    waits()
    writes(inside)
    look(THEN + 10 * MINUTE)
    assert statuses() == ["done", "waiting"]
    conversations.open_(inside.customer_id, By(), THEN + 11 * MINUTE)
    conversations.close(inside.customer_id, By(), THEN + 12 * MINUTE)
    db.session.commit()
    look(THEN + 30 * MINUTE)
    assert runs()[1].reason == "Somebody closed the conversation."


def test_what_a_rule_closed_still_waits_for_a_person(inside: Business) -> None:
    rule(do=["close"])
    waits()
    writes(inside)
    look(THEN + 30 * MINUTE)
    assert statuses() == ["done", "done"]


@pytest.mark.parametrize(("outcome", "status"), [("confirmed", "void"), ("to_staff", "done")])
def test_what_was_understood_by_itself_needs_no_answer(
    inside: Business, outcome: str, status: str
) -> None:
    waits()
    writes(inside, "Yes, see you")
    message = db.session.scalars(select(Message.id).order_by(Message.id.desc()).limit(1)).one()
    read = {"answer": "confirm", "outcome": outcome, "answered": True, "at": THEN}
    db.session.add(Reply(message_id=message, **read))
    db.session.commit()
    look(THEN + 30 * MINUTE)
    assert statuses() == [status]


def test_a_stop_needs_no_answer(inside: Business) -> None:
    waits()
    writes(inside, "STOP")
    look(THEN + 30 * MINUTE)
    assert statuses() == ["void"]


def test_what_goes_out_by_itself_is_no_answer(inside: Business) -> None:
    rule(do=[("send_text", {"text": "We are closed."})])
    waits()
    writes(inside)
    look(THEN + 30 * MINUTE)
    assert statuses() == ["done", "done"]


def test_who_writes_again_is_waited_for_anew(inside: Business) -> None:
    waits()
    writes(inside)
    writes(inside, "And?", at=THEN + 10 * MINUTE)
    look(THEN + 30 * MINUTE)
    assert statuses() == ["void", "waiting"]
    look(THEN + 40 * MINUTE)
    assert statuses() == ["void", "done"]


@pytest.mark.parametrize("then", ["confirmed", "STOP", "recovered", "absence"])
def test_a_question_waits_on_where_nothing_that_came_after_it_does(
    inside: Business, then: str
) -> None:
    waits()
    writes(inside, "May I bring my dog?")
    later = THEN + 10 * MINUTE
    world.hear(inside, "STOP" if then == "STOP" else "Yes", at=later)
    last = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    if then == "confirmed":
        read = {"answer": "confirm", "outcome": "confirmed", "answered": True, "at": later}
        db.session.add(Reply(message_id=last.id, **read))
    elif then == "absence":
        read = {"header_id": "", "answers": [], "whole": "", "is_reply": False}
        absent = {"personal": False, "answerable": False}
        db.session.add(ReceivedEmail(message_id=last.id, **read, **absent))
    last.recovered = then == "recovered"
    db.session.commit()
    look(later + SECOND)
    look(THEN + 30 * MINUTE)
    assert statuses()[0] == "done"


def test_an_answer_counts_whose_clock_was_put_back_meanwhile(inside: Business) -> None:
    waits()
    writes(inside)
    world.say(inside, "Here we are", at=THEN - SECOND)
    look(THEN + 30 * MINUTE)
    assert statuses() == ["void"]


def test_several_rules_wait_for_their_own_time(inside: Business) -> None:
    waits(10)
    waits(20)
    writes(inside)
    look(THEN + 10 * MINUTE)
    assert statuses() == ["done", "waiting"]


def test_conditions_are_judged_by_the_world_as_it_is_then(inside: Business) -> None:
    quote = rules.label()
    rule(("nobody_answered", {"minutes": 30}), ("label", {"has": "has", "labels": [quote]}))
    writes(inside)
    labelling.add_label(inside.customer_id, int(quote), By(), THEN)
    db.session.commit()
    look(THEN + 30 * MINUTE)
    assert statuses() == ["done"]


@pytest.mark.parametrize(
    "change", [{"enabled": False}, {"enabled_at": THEN + MINUTE}, {"trigger": "customer_wrote"}]
)
def test_a_rule_that_was_turned_off_meanwhile_does_nothing(
    inside: Business, change: dict[str, Any]
) -> None:
    waits()
    writes(inside)
    db.session.execute(update(AutomationRule).values(**change))
    db.session.commit()
    look(THEN + HOUR)
    if "trigger" in change:
        # It is another rule now, and its event has been judged.
        assert statuses() == ["done"]
    else:
        assert statuses() == ["void"]


def test_a_rule_that_was_deleted_meanwhile_leaves_its_name(inside: Business) -> None:
    made = rule(("nobody_answered", {"minutes": 30}))
    writes(inside)
    db.session.delete(db.session.get_one(AutomationRule, made))
    db.session.commit()
    look(THEN + HOUR)
    assert [(run.status, run.rule_name) for run in runs()] == [("void", "Rule")]


def test_a_rule_that_waits_longer_now_waits_on(inside: Business) -> None:
    waits(30)
    writes(inside)
    options = {"minutes": 60}
    db.session.execute(update(AutomationRule).values(trigger_options=options, version=2))
    db.session.commit()
    look(THEN + 30 * MINUTE)
    assert statuses() == ["waiting"]
    look(THEN + HOUR)
    assert [(run.status, run.rule_version) for run in runs()] == [("done", 2)]

"""What came in, or failed, becomes an event once; what is no news, and what programs send, none."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.appointments import import_appointments
from app.automation import collect
from app.automation.collect import LOOK_BACK
from app.automation.judge import PATIENCE
from app.extensions import db
from app.lib.csv_files.csv_rows import Report
from app.lib.message_status import MessageStatus
from app.models import (
    Appointment,
    AutomationEvent,
    Call,
    Customer,
    EventType,
    Message,
    Origin,
    ReceivedEmail,
    Reply,
    Tenant,
)
from app.tenancy import tenant_scope
from tests.automation import rules
from tests.automation.rules import HOUR, MINUTE, SECOND, THEN, look, rule, runs, writes
from tests.support import world
from tests.support.world import NOON, Business

LATER = NOON + LOOK_BACK + HOUR


def found(now: Any) -> list[tuple[str, str]]:
    """Type and origin of what is found then; of the salon alone."""
    with rules.outside():
        collect.collect(now)
    return [(event.type, event.origin) for event in rules.events() if event.at > NOON]


def last_message() -> Message:
    return db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()


def test_a_message_is_found_once_however_often_it_is_looked(inside: Business) -> None:
    world.hear(inside, "Hello?", at=THEN)
    for _ in range(3):
        assert found(THEN + SECOND) == [("message.received", "customer")]
    event = db.session.scalars(select(AutomationEvent).where(AutomationEvent.at == THEN)).one()
    assert (event.message_id, event.customer_id) == (last_message().id, inside.customer_id)


def test_the_eldest_are_found_first_some_at_a_time(
    inside: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collect, "MOST", 2)
    for minute in range(3):
        world.hear(inside, f"Hello {minute}", at=THEN + minute * MINUTE)
    for _ in range(3):
        found(THEN + HOUR)
    assert [event.at - THEN for event in rules.events() if event.at >= THEN] == [
        0 * MINUTE,
        1 * MINUTE,
        2 * MINUTE,
    ]


def test_each_business_hears_of_its_own(inside: Business, garage: Business) -> None:
    with rules.outside():
        world.hear(garage, "Hello?", at=THEN)
    assert found(THEN + SECOND) == []
    with rules.outside(), tenant_scope(garage.id):
        assert [event.at for event in rules.events() if event.at > NOON] == [THEN]


def test_a_message_that_was_recovered_sets_off_nothing(inside: Business) -> None:
    rule()
    world.hear(inside, "Hello?", at=THEN)
    db.session.execute(update(Message).where(Message.body == "Hello?").values(recovered=True))
    db.session.commit()
    look(THEN + SECOND)
    assert runs() == []


def test_what_is_older_than_a_day_is_no_news(inside: Business) -> None:
    world.hear(inside, "Hello?", at=THEN)
    assert found(THEN + LOOK_BACK + MINUTE) == []


@pytest.mark.parametrize(("personal", "events"), [(True, 1), (False, 0)])
def test_an_email_counts_where_a_person_wrote_it(
    inside: Business, personal: bool, events: int
) -> None:
    world.hear(inside, "I am away.", at=THEN)
    db.session.add(
        ReceivedEmail(
            message_id=last_message().id,
            header_id="",
            answers=[],
            whole="",
            answerable=False,
            personal=personal,
            is_reply=False,
        )
    )
    db.session.commit()
    assert len(found(THEN + SECOND)) == events


def test_an_answer_to_a_reminder_is_read_before_rules_see_it(inside: Business) -> None:
    """It may be about an appointment. A reader that is stuck keeps rules for a minute at most."""
    rule()
    db.session.execute(update(Appointment).values(starts_at=THEN + HOUR))
    db.session.commit()
    writes(inside, "I am late")
    assert runs() == []
    reply = {"answer": "late", "outcome": "to_staff", "answered": False, "at": THEN}
    db.session.add(Reply(message_id=last_message().id, **reply))
    db.session.commit()
    look(THEN + 2 * SECOND)
    assert len(runs()) == 1
    writes(inside, "Very late", at=THEN + HOUR)
    assert len(runs()) == 1
    look(THEN + HOUR + PATIENCE + SECOND)
    assert len(runs()) == 2


@pytest.mark.parametrize(
    ("values", "events"),
    [
        ({}, 1),
        ({"reachable": False}, 1),
        ({"outcome": "answered", "missed_at": None}, 0),
        ({"customer_id": None}, 0),
        ({"started_at": NOON - 2 * LOOK_BACK}, 0),
    ],
)
def test_a_call_that_nobody_took_is_found(
    inside: Business, values: dict[str, Any], events: int
) -> None:
    usual = {
        "customer_id": inside.customer_id,
        "caller": inside.customer_number,
        "started_at": THEN,
        "missed_at": THEN,
        "outcome": "missed",
    }
    db.session.add(Call(**usual | values))
    db.session.commit()
    for _ in range(2):
        assert found(THEN + SECOND) == [("call.missed", "customer")] * events


def test_a_message_that_failed_is_found(inside: Business) -> None:
    world.say(inside, "See you", status=MessageStatus.FAILED, at=THEN)
    world.say(inside, "See you then", status=MessageStatus.DELIVERED, at=THEN)
    for _ in range(2):
        assert found(THEN + SECOND) == [("message.failed", "system")]


def test_a_rules_own_message_that_failed_belongs_to_what_set_the_rule_off(
    inside: Business,
) -> None:
    """So that a rule for failures does not go round in a circle with a telephone that is off."""
    answer = ("send_text", {"text": "We are here."})
    rule(do=[answer])
    rule("delivery_failed", do=[("send_text", {"text": "Did you get this?"})], after_rules=True)
    rule("delivery_failed", do=[answer])
    writes(inside)
    for minutes in range(1, 5):
        fail_all()
        look(THEN + minutes * 2 * MINUTE)
    failures = [event for event in rules.events() if event.type == EventType.MESSAGE_FAILED]
    assert [(event.origin, event.depth) for event in failures] == [
        (Origin.AUTOMATION, 1),
        (Origin.AUTOMATION, 2),
    ]
    assert failures[0].cause_id == runs()[0].event_id
    assert [run.status for run in runs()] == ["done", "done", "held_back"]
    assert len(rules.texts(inside)) == 2


def fail_all() -> None:
    by_rules = Message.client_token.startswith("rule:")
    db.session.execute(update(Message).where(by_rules).values(status=MessageStatus.FAILED))
    db.session.commit()


def test_an_import_sets_off_nothing(inside: Business) -> None:
    rule("appointment_booked")
    rule("appointment_cancelled")
    starts = (THEN + timedelta(days=3)).isoformat()
    head = "external_id,customer_phone,service,staff,starts_at,duration_minutes,status"
    about = f"{inside.customer_number},Cut,Sofia,{starts},30"
    file = f"{head}\none,{about},scheduled\ntwo,{about},cancelled\none,{about},cancelled\n"
    tenant = db.session.get_one(Tenant, inside.id)
    rows, _ = import_appointments.read(file.encode())
    report = Report()
    import_appointments.take(rows, import_appointments.shop(tenant, announce=False), THEN, report)
    db.session.commit()
    assert report.rejected == []
    look(THEN + HOUR)
    assert runs() == []


def test_a_customer_who_is_deleted_takes_events_and_runs_along(inside: Business) -> None:
    rule()
    writes(inside)
    assert len(runs()) == 1
    db.session.delete(db.session.get_one(Customer, inside.customer_id))
    db.session.commit()
    assert (runs(), db.session.scalars(select(AutomationEvent)).all()) == ([], [])

"""A rule is tried on what happened of late, and nothing comes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.appointments import commands
from app.automation import rehearse as rehearsal
from app.automation.rehearse import Rehearsal, Unusable, rehearse
from app.business_hours import load_hours
from app.extensions import db
from app.models import AutomationEvent, AutomationRule
from tests.automation import rules
from tests.automation.rules import HOUR, MINUTE, THEN, Part, look, rule, runs, texts
from tests.support import world
from tests.support.world import Business

DAY = timedelta(days=1)
NOW = THEN + DAY


def tried(
    trigger: Part | str, *conditions: Part, do: tuple[Part | str, ...] = ("close",)
) -> Rehearsal:
    made = db.session.get_one(
        AutomationRule, rule(trigger, *conditions, do=do, enabled=False, enabled_at=None)
    )
    return rehearse(made, NOW)


def test_it_says_how_often_the_rule_would_have_run_and_why_not(inside: Business) -> None:
    for hour, body in enumerate(["Price?", "Hello", "the PRICE please"]):
        world.hear(inside, body, at=THEN + hour * HOUR)
    found = tried("customer_wrote", ("words", {"how": "any", "words": ["price"]}))
    assert (found.count, found.whole) == (2, True)
    assert [(case.runs, case.reason) for case in found.cases] == [
        (True, ""),
        (False, "Text: Hello."),
        (True, ""),
        (False, "Text: Hello from salon."),
    ]
    assert found.cases[0].facts == {"Channel": "SMS", "Text": "the PRICE please"}
    assert found.cases[0].customer.id == inside.customer_id


def test_nothing_comes_of_it(inside: Business) -> None:
    world.hear(inside, "Price?", at=THEN)
    before = len(db.session.scalars(select(AutomationEvent)).all())
    found = tried("customer_wrote", do=(("send_text", {"text": "40"}), "close", "review"))
    assert found.count == 2
    assert not db.session.new and not db.session.dirty
    db.session.commit()
    assert len(db.session.scalars(select(AutomationEvent)).all()) == before
    assert (runs(), texts(inside)) == ([], [])


def test_what_was_told_is_looked_at_once_and_not_again_by_its_row(inside: Business) -> None:
    world.hear(inside, "Price?", at=THEN)
    look(THEN + MINUTE)
    assert len(tried("customer_wrote").cases) == 2


def test_calls_and_appointments_count_too(inside: Business) -> None:
    assert tried("call_missed").count == 1
    commands.book(
        THEN, customer_id=inside.customer_id, starts_at=THEN + 2 * DAY, duration_minutes=30
    )
    assert tried("appointment_booked").count == 1


def test_the_hours_of_the_business_are_read_once(
    inside: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    monkeypatch.setattr(load_hours, "stored", lambda: reads.append(1))
    for hour in range(3):
        world.hear(inside, "Hello?", at=THEN + hour * HOUR)
    found = tried(("nobody_answered", {"minutes": 30, "counted": "open"}))
    assert (len(found.cases) > 2, len(reads)) == (True, 1)


def test_what_waits_is_judged_by_what_was_said_until_then(inside: Business) -> None:
    world.hear(inside, "Hello?", at=THEN)
    world.say(inside, "Hello!", at=THEN + 40 * MINUTE)
    assert tried(("nobody_answered", {"minutes": 30})).cases[0].runs
    assert not tried(("nobody_answered", {"minutes": 60})).cases[0].runs
    found = tried(("nobody_answered", {"minutes": 3000})).cases[0]
    assert (found.runs, found.reason) == (False, rehearsal.NOT_YET)


def test_thirty_days_are_looked_at_and_no_more_than_a_person_reads(
    inside: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.hear(inside, "Long ago", at=NOW - 31 * DAY)
    for minutes in range(5):
        world.hear(inside, f"Hello {minutes}", at=THEN + minutes * MINUTE)
    assert len(tried("customer_wrote").cases) == 6
    monkeypatch.setattr(rehearsal, "MOST", 3)
    found = tried("customer_wrote")
    assert (len(found.cases), found.whole) == (3, False)
    assert found.cases[0].at == THEN + 4 * MINUTE


def test_a_rule_that_is_not_saved_can_be_tried(inside: Business) -> None:
    made = AutomationRule(
        trigger="customer_wrote",
        trigger_options={},
        conditions=[],
        actions=[{"key": "close", "options": {}}],
        after_rules=False,
    )
    assert rehearse(made, NOW).count == 1
    db.session.rollback()


def test_a_rule_that_names_what_is_gone_says_so(inside: Business) -> None:
    with pytest.raises(Unusable, match="The label that it names is gone"):
        tried("customer_wrote", do=(("add_label", {"label": "99999"}),))


def test_a_strangers_messages_are_not_looked_at(inside: Business, garage: Business) -> None:
    with rules.outside():
        world.hear(garage, "Price?", at=THEN)
    assert len(tried("customer_wrote").cases) == 1

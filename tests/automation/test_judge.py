"""An event is judged once, by all rules on one snapshot, and what they do is done whole or not."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import delete, select

from app.appointments import commands
from app.automation import collect, judge
from app.automation.actions import ACTIONS
from app.automation.judging import act, judgement
from app.extensions import db
from app.models import AutomationRule, Label, Note, Service
from app.tenancy import tenant_scope
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
    texts,
    writes,
)
from tests.support import world
from tests.support.world import Business

ANSWER = ("send_text", {"text": "A cut is 40, {{customer_name}}."})
NOTE = ("note", {"text": "seen"})


def notes() -> list[str]:
    by_rules = select(Note.body).where(Note.rule_name.is_not(None))
    return list(db.session.scalars(by_rules.order_by(Note.id)))


def killed(*given: Any, **named: Any) -> None:
    raise SystemExit


def test_a_customer_who_writes_is_answered_once(inside: Business, garage: Business) -> None:
    rule(do=[ANSWER], name="Price list")
    writes(inside)
    look(THEN + MINUTE)
    (run,) = runs()
    assert (run.status, run.done, run.rule_name) == ("done", ["Sent a text by SMS."], "Price list")
    assert texts(inside) == ["A cut is 40, Ann."]
    assert texts(garage) == []


def test_a_run_says_what_was_seen_and_which_condition_did_not_hold(inside: Business) -> None:
    rule("customer_wrote", ("words", {"how": "any", "words": ["colour"]}), version=3)
    writes(inside, "What is the price?")
    (run,) = runs()
    assert (run.status, run.rule_version) == ("unmet", 3)
    assert run.facts == {"Channel": "SMS", "Text": "What is the price?"}
    assert run.reason == "Text: What is the price?"
    assert notes() == []


def test_rules_go_in_their_order(inside: Business) -> None:
    rule(do=[("note", {"text": "second"})], position=2)
    rule(do=[("note", {"text": "first"})], position=1)
    writes(inside)
    assert notes() == ["first", "second"]


def test_no_rule_sees_what_another_did(inside: Business) -> None:
    quote = rules.label()
    rule(do=[("add_label", {"label": quote})], position=1)
    rule("customer_wrote", ("label", {"has": "has", "labels": [quote]}), position=2)
    writes(inside)
    assert statuses() == ["done", "unmet"]


def test_a_rule_can_stop_those_below_it(inside: Business) -> None:
    rule(do=[NOTE, "stop"], name="First")
    rule()
    writes(inside)
    assert statuses() == ["done", "unmet"]
    assert runs()[1].reason == "The rule “First” stopped those below it."


def test_a_rule_that_does_nothing_stops_nothing(inside: Business) -> None:
    rule("customer_wrote", ("new", {"is": "is"}), do=[NOTE, "stop"])
    rule()
    writes(inside)
    assert statuses() == ["unmet", "done"]


def test_actions_are_done_all_or_none(inside: Business) -> None:
    inside_and_unreachable = [NOTE, ("send_text", {"text": "Hi"}), ("send_text", {"text": "Ho"})]
    rule(do=inside_and_unreachable)
    rule(do=[("note", {"text": "the other rule's"})])
    writes(inside)
    assert statuses() == ["held_back", "done"]
    assert notes() == ["the other rule's"]
    assert texts(inside) == []


def test_what_happened_before_a_rule_was_turned_on_does_not_set_it_off(inside: Business) -> None:
    rule(enabled_at=THEN + MINUTE)
    writes(inside)
    assert runs() == []


def test_a_rule_that_is_off_is_not_judged(inside: Business) -> None:
    rule(enabled=False)
    writes(inside)
    assert runs() == []


def test_businesses_without_rules_cost_one_statement(salon: Business) -> None:
    writes(salon)
    with tenant_scope(salon.id):
        assert all(event.judged_at for event in rules.events())
        assert runs() == []


def test_what_nobody_could_judge_for_a_day_is_not_judged(inside: Business) -> None:
    rule()
    world.hear(inside, "Hello?", at=THEN)
    with rules.outside():
        collect.collect(THEN + MINUTE)
    look(THEN + timedelta(days=1, minutes=2))
    assert runs() == []


def test_a_move_that_was_moved_again_counts_once(inside: Business) -> None:
    rule("appointment_moved", do=[NOTE])
    starts = THEN + timedelta(days=2)
    one = commands.book(THEN, customer_id=inside.customer_id, starts_at=starts, duration_minutes=60)
    commands.change(one.id, THEN, starts_at=starts + HOUR)
    commands.change(one.id, THEN + SECOND, starts_at=starts + 2 * HOUR)
    look(THEN + HOUR)
    assert statuses() == ["done"]


def test_what_was_cancelled_meanwhile_is_not_told_as_booked(inside: Business) -> None:
    rule("appointment_booked", do=[NOTE])
    starts = THEN + timedelta(days=2)
    one = commands.book(THEN, customer_id=inside.customer_id, starts_at=starts, duration_minutes=60)
    commands.cancel(one.id, THEN)
    look(THEN + HOUR)
    assert runs() == []


@pytest.mark.parametrize(
    "place",
    [
        "judging.judgement.look",
        "judging.verdicts.facts",
        "judging.chain.heed",
        "texting.enter_text.hand_over",
        "transitions.succeed",
    ],
)
def test_who_is_killed_at_any_step_leaves_nothing_and_loses_nothing(
    inside: Business, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    rule(do=[NOTE, ANSWER])
    world.hear(inside, "Hello?", at=THEN)
    with monkeypatch.context() as patch:
        patch.setattr(f"app.automation.{place}", killed)
        with pytest.raises(SystemExit):
            look(THEN + SECOND)
    assert (runs(), notes(), texts(inside)) == ([], [], [])
    look(THEN + 2 * SECOND)
    assert (statuses(), notes(), texts(inside)) == (["done"], ["seen"], ["A cut is 40, Ann."])


def test_who_is_killed_after_the_commit_has_done_it_once(
    inside: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(do=[ANSWER])
    world.hear(inside, "Hello?", at=THEN)
    with monkeypatch.context() as patch:
        patch.setattr(judge, "_tell", killed)
        with pytest.raises(SystemExit):
            look(THEN + SECOND)
    look(THEN + 2 * SECOND)
    assert (statuses(), len(texts(inside))) == (["done"], 1)


def test_two_workers_at_once_do_each_thing_once(inside: Business) -> None:
    rule(do=[ANSWER, NOTE])
    for number in range(6):
        world.hear(inside, f"Hello {number}", number=f"+1212555090{number}", at=THEN)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    both = threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            both.wait()
            collect.collect(THEN + SECOND)
            judge.judge(THEN + SECOND)
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    look(THEN + 2 * SECOND)
    assert statuses() == ["done"] * 6
    assert (len(texts(inside)), len(notes())) == (6, 6)


def test_what_a_busy_customer_did_is_judged_in_its_order(
    inside: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule()
    for number in range(3):
        world.hear(inside, f"Hello {number}", at=THEN + number * SECOND)
    held, alone = [inside.customer_id], judge.alone_with

    def let_go(id_: int) -> bool:
        """False once: somebody has the customer just now."""
        if id_ not in held:
            return alone(id_)
        held.remove(id_)
        return False

    monkeypatch.setattr(judge, "alone_with", let_go)
    look(THEN + MINUTE)
    assert runs() == []
    look(THEN + MINUTE)
    judged = [run.event_id for run in runs()]
    assert judged == sorted(judged) and len(judged) == 3


def test_a_rule_over_which_our_code_breaks_stands_alone(
    inside: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object) -> str:
        raise KeyError("+12125550142")

    broken = {
        **ACTIONS,
        "close": type(ACTIONS["close"])(key="close", order=1, sentence="", do=breaks),
    }
    monkeypatch.setattr("app.automation.judging.assembled.ACTIONS", broken)
    rule(do=[NOTE, "close"])
    rule(do=[("note", {"text": "the other rule's"})])
    writes(inside)
    assert statuses() == ["failed", "done"]
    assert runs()[0].reason == act.BROKEN
    assert notes() == ["the other rule's"]


@pytest.mark.parametrize(
    ("trigger", "conditions"),
    [
        (("wrote_again", {"days": "soon"}), ()),
        (("nobody_answered", {"minutes": None}), ()),
        ("customer_wrote", (("words", {"how": "some", "words": 5}),)),
        ("customer_wrote", (("appointment_ahead", {"days": [7]}),)),
    ],
)
def test_options_that_make_no_sense_break_their_own_rule_alone(
    inside: Business, trigger: rules.Part | str, conditions: tuple[rules.Part, ...]
) -> None:
    rule(trigger, *conditions)
    rule(do=[("note", {"text": "the other rule's"})])
    writes(inside)
    assert statuses() == ["failed", "done"]
    assert (runs()[0].reason, notes()) == (act.BROKEN, ["the other rule's"])


def test_a_run_that_breaks_at_its_time_is_over(
    inside: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(("nobody_answered", {"minutes": 30}))
    writes(inside)

    def breaks(*_args: object) -> None:
        raise KeyError("+12125550142")

    monkeypatch.setattr(judgement, "look", breaks)
    look(THEN + HOUR)
    assert [(run.status, run.reason) for run in runs()] == [("failed", act.BROKEN)]


def test_a_rule_whose_label_is_gone_turns_itself_off_and_does_nothing(inside: Business) -> None:
    quote = rules.label()
    made = rule(do=[NOTE, ("add_label", {"label": quote})])
    db.session.execute(delete(Label).where(Label.id == int(quote)))
    db.session.commit()
    writes(inside)
    writes(inside, "Hello?", at=THEN + MINUTE)
    assert statuses() == ["failed"]
    assert notes() == []
    off = db.session.get_one(AutomationRule, made)
    assert (off.enabled, off.off_reason) == (False, "The label that it names is gone.")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("trigger", "no_such"),
        ("conditions", [{"key": "no_such", "options": {}}]),
        ("actions", [{"key": "no_such", "options": {}}]),
    ],
)
def test_a_rule_of_unknown_parts_turns_itself_off(
    inside: Business, column: str, value: object
) -> None:
    made = rule()
    setattr(db.session.get_one(AutomationRule, made), column, value)
    db.session.commit()
    writes(inside)
    off = db.session.get_one(AutomationRule, made)
    # Without a trigger it is set off by nothing.
    assert off.enabled is (column == "trigger")
    assert notes() == []


def test_another_businesses_label_is_as_good_as_none(inside: Business, garage: Business) -> None:
    with rules.outside(), tenant_scope(garage.id):
        theirs = rules.label()
    rule(do=[("add_label", {"label": theirs})])
    writes(inside)
    assert statuses() == ["failed"]


def test_what_rules_do_sets_off_no_rule_that_does_not_say_so(inside: Business) -> None:
    red = rules.label("Red")
    rule(("label_added", {"label": red}))
    rule(do=[("add_label", {"label": red})])
    writes(inside)
    assert statuses() == ["done"]


def test_a_rules_service_is_looked_up_in_the_business_alone(inside: Business) -> None:
    cut = db.session.scalars(select(Service.id)).one()
    rule("appointment_booked", ("service", {"is": "is", "services": [str(cut)]}))
    starts = THEN + timedelta(days=2)
    commands.book(
        THEN,
        customer_id=inside.customer_id,
        starts_at=starts,
        duration_minutes=60,
        service_id=cut,
    )
    look(THEN + MINUTE)
    assert statuses() == ["done"]
    assert runs()[0].facts["Service"] == "Cut"
    assert ON < THEN

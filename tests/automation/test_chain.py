"""Rules that set off rules stop before they go round in circles, and turn themselves off."""

from itertools import pairwise

from sqlalchemy import delete, select

from app.automation.judging import chain
from app.extensions import db
from app.models import AutomationRule, ConversationLabel
from tests.automation import rules
from tests.automation.rules import MINUTE, THEN, Part, rule, runs, writes
from tests.support.world import Business


def adds(label: str, **more: object) -> tuple[str, dict[str, object]]:
    return "add_label", {"label": label, **more}


def circle() -> None:
    """Two rules that set off one another, and one that begins."""
    red, blue = rules.label("Red"), rules.label("Blue")
    for one, other in ((red, blue), (blue, red)):
        swap: list[Part | str] = [("remove_label", {"label": one}), adds(other)]
        rule(("label_added", {"label": one}), do=swap, name=f"from {one}", after_rules=True)
    rule(do=[("remove_label", {"label": red}), adds(red)], name="begin")


def off() -> dict[str, str]:
    query = select(AutomationRule).where(AutomationRule.off_reason != "")
    return {each.name: each.off_reason for each in db.session.scalars(query)}


def test_two_rules_that_set_off_one_another_stop_and_are_turned_off(inside: Business) -> None:
    circle()
    for minutes in range(3):
        db.session.execute(delete(ConversationLabel))
        db.session.commit()
        writes(inside, f"Hello {minutes}", at=THEN + minutes * MINUTE)
        assert len(runs()) == 4 * (minutes + 1)
        assert bool(off()) is (minutes == 2)
    assert [run.status for run in runs()[:4]] == ["done", "done", "done", "held_back"]
    assert list(off().values()) == [chain.TURNED_OFF]


def test_a_chain_is_no_deeper_than_three(inside: Business) -> None:
    labels = [rules.label(f"Label {number}") for number in range(6)]
    for one, other in pairwise(labels):
        rule(("label_added", {"label": one}), do=[adds(other)], after_rules=True)
    rule(do=[adds(labels[0])])
    writes(inside)
    assert [run.status for run in runs()] == ["done"] * 4 + ["held_back"]
    assert [event.depth for event in rules.events() if event.at >= THEN] == [0, 1, 2, 3, 4]


def test_a_chain_does_twenty_things_at_most(inside: Business) -> None:
    labels = [rules.label(f"Label {number}") for number in range(12)]
    rule(do=[adds(label) for label in labels])
    for label in labels:
        note = [("note", {"text": "x"})] * 3
        rule(("label_added", {"label": label}), do=note, after_rules=True)
    writes(inside)
    assert [run.status for run in runs()] == ["done"] * 3 + ["held_back"] * 10
    assert runs()[3].reason == "The rules of one chain do 20 things, and no more."

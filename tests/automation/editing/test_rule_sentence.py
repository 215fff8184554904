"""Every part reads as a sentence, filled in and not."""

import re

import pytest

from app.automation.actions import ACTIONS
from app.automation.conditions import CONDITIONS
from app.automation.editing.rule_draft import Chosen, Draft
from app.automation.editing.rule_sentence import between, outline, spoken, whole
from app.automation.rule_part import Gap, RulePart
from app.automation.triggers import TRIGGERS
from app.tenancy import tenant_scope
from tests.support.world import Business

PARTS = [*TRIGGERS.values(), *CONDITIONS.values(), *ACTIONS.values()]
TEXT = RulePart(
    key="text",
    order=1,
    sentence="say {text}; in Spanish {text_es}, twice",
    gaps=(
        Gap(key="text", kind="template", label="Text"),
        Gap(key="text_es", kind="template", label="Text in Spanish", optional=True),
        Gap(key="unnamed", kind="number", label="A gap that the sentence does not name"),
    ),
)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.key)
def test_each_part_names_all_of_its_gaps_and_no_others(part: RulePart, salon: Business) -> None:
    named = re.findall(r"\{(\w+)\}", part.sentence)
    assert sorted(named) == sorted(gap.key for gap in part.gaps)
    with tenant_scope(salon.id):
        told = outline(part)
    assert told and not re.search(r"[{}]|something that is gone", told)


def test_a_gap_that_may_stay_empty_goes_with_the_words_before_it() -> None:
    assert "".join(piece.text for piece in spoken(TEXT, {"text": "Hi", "unnamed": 3})) == (
        "say “Hi”, twice3"
    )
    both = spoken(TEXT, {"text": "Hi", "text_es": "Hola", "unnamed": 3})
    assert [piece.text for piece in both if piece.chosen] == ["“Hi”", "“Hola”", "3"]


@pytest.mark.parametrize("cut", range(95, 121))
def test_a_long_text_is_not_cut_within_a_variable(cut: int) -> None:
    text = f"{'x' * cut} {{{{ customer_name }}}} and more, which is not told"
    (piece,) = [each for each in spoken(TEXT, {"text": text}) if each.text.startswith("“x")]
    assert piece.text.count("{{") == piece.text.count("}}") and piece.text.endswith("…”")
    assert "{ " not in piece.text.replace("{{ customer_name }}", "")


def test_a_gap_that_the_sentence_does_not_name_comes_last() -> None:
    found = [each if isinstance(each, str) else each.key for each in between(TEXT)]
    assert found == ["say ", "text", "; in Spanish ", "text_es", ", twice", "unnamed"]


def test_a_rule_is_one_sentence_from_when_to_its_last_action(salon: Business) -> None:
    rule = Draft(
        trigger=Chosen("nobody_answered", {"minutes": 20, "counted": "open"}),
        conditions=(Chosen("words", {"how": "any", "words": ["price", "how much"]}),),
        actions=(Chosen("send_text", {"text": "Soon!"}), Chosen("stop", {})),
    )
    with tenant_scope(salon.id):
        said = whole(rule)
    assert "".join(piece.text for piece in said) == (
        "When nobody answers a customer for 20 minutes of opening time, and the text contains any"
        " of these words: price, how much, then send this text: “Soon!”, and stop: no rule below"
        " this one looks at it."
    )


def test_what_is_gone_is_said_to_be_gone(salon: Business) -> None:
    rule = Draft(
        trigger=Chosen("forgotten", {}),
        actions=(Chosen("assign", {"user": "999999"}), Chosen("gone_too", {})),
    )
    with tenant_scope(salon.id):
        said = [piece.text for piece in whole(rule) if piece.chosen]
    assert said == ["something that is gone"] * 3


@pytest.mark.parametrize(
    ("hours", "told"), [(1, "1 hour"), (2, "2 hours"), (11, "11 hours"), (None, "… hours")]
)
def test_one_hour_is_not_said_to_be_hours(hours: int | None, told: str) -> None:
    said = "".join(piece.text for piece in spoken(ACTIONS["snooze"], {"hours": hours}))
    assert said.endswith(told)

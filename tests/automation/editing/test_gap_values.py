"""What a person typed becomes what a rule stores, or a sentence that says what to give."""

import re
from typing import Any

import pytest

from app.automation.editing.gap_values import GONE, READERS, read
from app.automation.rule_part import Gap
from app.automation.texting.rule_wording import OF_A_RULE

NUMBER = Gap(key="minutes", kind="number", label="Minutes", least=1, most=1440)
LINE = Gap(key="line", kind="line", label="Line", most=20)
TEXT = Gap(key="text", kind="text", label="Text", most=30)
TEMPLATE = Gap(key="text", kind="template", label="Text", variables=OF_A_RULE.variables)
WORDS = Gap(key="words", kind="words", label="Words", most=3)
CHOICE = Gap(key="is", kind="choice", label="Is", choices=lambda: [("is", "is"), ("7", "Cut")])
CHOICES = Gap(key="of", kind="choices", label="Of", choices=lambda: [("7", "Cut"), ("8", "Dye")])


@pytest.mark.parametrize(
    ("gap", "given", "stored"),
    [
        (NUMBER, " 30 ", 30),
        (NUMBER, 1440, 1440),
        (LINE, " two\n words ", "two words"),
        (TEXT, "one\r\ntwo\x00 ", "one\ntwo"),
        (TEMPLATE, "Hi {{customer_name}}!", "Hi {{customer_name}}!"),
        (WORDS, "price, how  much,,price;\n ¿cuánto?", ["price", "how much", "¿cuánto?"]),
        (WORDS, ["price", "💇"], ["price", "💇"]),
        (CHOICE, "7", "7"),
        (CHOICES, ["8", "7", "8", ""], ["8", "7"]),
    ],
)
def test_what_fits_is_tidied_and_taken(gap: Gap, given: Any, stored: Any) -> None:
    assert read(gap, given) == stored


@pytest.mark.parametrize(
    ("gap", "given", "told"),
    [
        (NUMBER, "", "Give a whole number from 1 to 1,440."),
        (NUMBER, "0", "Give a whole number from 1 to 1,440."),
        (NUMBER, "1441", "Give a whole number from 1 to 1,440."),
        (NUMBER, "٣٠", "Give a whole number from 1 to 1,440."),
        (NUMBER, "9" * 5000, "Give a whole number from 1 to 1,440."),
        (NUMBER, True, "Give a whole number from 1 to 1,440."),
        (LINE, "\u3164", "Write something here."),
        (LINE, ["a"], "Give a text."),
        (LINE, "x" * 21, "It is too long: 20 characters at most."),
        (TEXT, "x" * 31, "It is too long: 30 characters at most."),
        (TEMPLATE, "Hi {{custmer_name}}", "custmer_name is unknown: did you mean customer_name?"),
        (TEMPLATE, "Hi {customer_name}", "{customer_name} would be sent as it stands."),
        (TEMPLATE, "{% for x in y %}", "Line 1: "),
        (TEMPLATE, "{{ " + "(" * 4900, "Line 1: "),
        (WORDS, " , ", "Give one to 3 words or phrases, with commas between them."),
        (WORDS, "a,b,c,d", "Give one to 3 words or phrases, with commas between them."),
        (WORDS, "x" * 61, "Give one to 3 words or phrases, with commas between them."),
        (CHOICE, "", "Choose one."),
        (CHOICE, "9", GONE),
        (CHOICE, ["7"], "Give a text."),
        (CHOICES, [], "Choose one at least."),
        (CHOICES, ["7", "9"], GONE),
        (CHOICES, [{"7": 1}], "Give a text."),
    ],
)
def test_what_does_not_fit_is_told_with_what_to_give(gap: Gap, given: Any, told: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(told)}"):
        read(gap, given)


def test_what_may_stay_empty_does() -> None:
    optional = Gap(key="text", kind="template", label="Text", optional=True)
    assert read(optional, "") == ""
    assert read(optional, " \n ") == ""


def test_there_is_a_reader_for_each_kind_of_gap_that_parts_have() -> None:
    from app.automation.actions import ACTIONS
    from app.automation.conditions import CONDITIONS
    from app.automation.triggers import TRIGGERS

    parts = (*TRIGGERS.values(), *CONDITIONS.values(), *ACTIONS.values())
    assert {gap.kind for part in parts for gap in part.gaps} <= READERS.keys()

"""A rule's parts as a person reads them: the sentence with what was chosen in its gaps."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from app.automation.actions import ACTIONS
from app.automation.conditions import CONDITIONS
from app.automation.editing.rule_draft import Chosen, Draft
from app.automation.rule_part import Gap, Options, RulePart
from app.automation.triggers import TRIGGERS
from app.lib.text.cleaning import preview

IN_BRACES = re.compile(r"\{(\w+)\}")
GONE = "something that is gone"


class Piece(NamedTuple):
    text: str
    chosen: bool = False
    """Whether somebody chose it; else it is the sentence's own."""


def between(part: RulePart) -> Iterator[str | Gap]:
    """The sentence's words and gaps in their order; then the gaps that it does not name."""
    gaps = {gap.key: gap for gap in part.gaps}
    for place, text in enumerate(IN_BRACES.split(part.sentence)):
        if found := gaps.pop(text, None) if place % 2 else text:
            yield found
    yield from gaps.values()


def spoken(part: RulePart, options: Options) -> list[Piece]:
    """What stands in the sentence, with the options in its gaps; other gaps are left out."""
    named = set(IN_BRACES.findall(part.sentence))
    return [
        Piece(each) if isinstance(each, str) else Piece(said(each, options.get(each.key)), True)
        for each in between(part)
        if isinstance(each, str) or each.key in named
    ]


def whole(draft: Draft) -> list[Piece]:
    """The rule from "When" to its last action."""
    said = [Piece("When "), *_part(TRIGGERS, draft.trigger)]
    for condition in draft.conditions:
        said += [Piece(", and "), *_part(CONDITIONS, condition)]
    for place, action in enumerate(draft.actions):
        said += [Piece(", and " if place else ", then "), *_part(ACTIONS, action)]
    return [*said, Piece(".")]


def _part(among: Mapping[str, RulePart], chosen: Chosen) -> list[Piece]:
    part = among.get(chosen.key)
    return spoken(part, chosen.options) if part else [Piece(GONE, True)]


def outline(part: RulePart) -> str:
    """The sentence with nothing in its gaps."""
    return IN_BRACES.sub("…", part.sentence)


def said(gap: Gap, value: Any) -> str:
    """What was chosen in a gap, in a few words."""
    return SAID.get(gap.kind, _text)(gap, value)


def _text(gap: Gap, value: Any) -> str:
    return preview(str(value)) if value not in (None, "") else "…"


def _quoted(gap: Gap, value: Any) -> str:
    return f"“{_text(gap, value)}”"


def _words(gap: Gap, value: Any) -> str:
    return ", ".join(map(str, value)) if value else "…"


def _choice(gap: Gap, value: Any) -> str:
    return dict(gap.choices() if gap.choices else ()).get(str(value), GONE if value else "…")


def _choices(gap: Gap, value: Any) -> str:
    return " or ".join(_choice(gap, each) for each in value) if value else "…"


SAID: dict[str, Callable[[Gap, Any], str]] = {
    "text": _quoted,
    "template": _quoted,
    "line": _quoted,
    "words": _words,
    "choice": _choice,
    "choices": _choices,
}

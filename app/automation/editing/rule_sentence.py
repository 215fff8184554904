"""A rule's parts as a person reads them: the sentence with what was chosen in its gaps."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from app.automation.actions import ACTIONS
from app.automation.conditions import CONDITIONS
from app.automation.editing.rule_draft import Chosen, Draft
from app.automation.rule_part import Gap, Options, RulePart
from app.automation.triggers import TRIGGERS
from app.lib.text.cleaning import preview

IN_BRACES = re.compile(r"\{(\w+)\}")
# A variable that was cut through with the end of a long text.
TORN = re.compile(r"\{(?:\{[^{}]*\}?)?…$")
UNITS = re.compile(r"^( (?:minute|hour|day))s\b")
GONE = "something that is gone"


class Piece(NamedTuple):
    text: str
    chosen: bool = False
    """Whether somebody chose it; else it is the sentence's own."""


def between(part: RulePart, left_out: Container[str] = ()) -> Iterator[str | Gap]:
    """The sentence's words and gaps in their order, without these gaps and the words before each;
    then the gaps that it does not name."""
    gaps = {gap.key: gap for gap in part.gaps}
    *steps, end = zip_longest(*[iter(IN_BRACES.split(part.sentence))] * 2, fillvalue="")
    for words, key in steps:
        gap = gaps.pop(key)
        if key not in left_out:
            yield from (each for each in (words, gap) if each)
    yield from filter(None, end[:1])
    yield from (gap for key, gap in gaps.items() if key not in left_out)


def spoken(part: RulePart, options: Options) -> list[Piece]:
    """What stands in the sentence, with the options in its gaps; nothing of what may stay empty and
    is."""
    empty = {gap.key for gap in part.gaps if gap.optional and not options.get(gap.key)}
    pieces = [
        Piece(each) if isinstance(each, str) else Piece(said(each, options.get(each.key)), True)
        for each in between(part, empty)
    ]
    return [_singular(*two) for two in zip([None, *pieces], pieces, strict=False)]


def _singular(before: Piece | None, piece: Piece) -> Piece:
    """1 minute, where the sentence says minutes."""
    one = before is not None and before.chosen and before.text == "1"
    return Piece(UNITS.sub(r"\1", piece.text), piece.chosen) if one else piece


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
    """The sentence as one begins with it: only what is one of a few stands in its gap."""
    begun = {gap.key: gap.default for gap in part.gaps if gap.kind == "choice"}
    return "".join(piece.text for piece in spoken(part, begun)).replace("“…”", "…")


def said(gap: Gap, value: Any) -> str:
    """What was chosen in a gap, in a few words."""
    return SAID.get(gap.kind, _text)(gap, value)


def _text(gap: Gap, value: Any) -> str:
    """Its beginning, with whole variables."""
    return TORN.sub("…", preview(str(value))) if value not in (None, "") else "…"


def _quoted(gap: Gap, value: Any) -> str:
    return f"“{_text(gap, value)}”"


def _words(gap: Gap, value: Any) -> str:
    return ", ".join(map(str, value)) if value else "…"


def _choice(gap: Gap, value: Any) -> str:
    return dict(gap.offered()).get(str(value), GONE if value else "…")


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

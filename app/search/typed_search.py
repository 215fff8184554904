"""What stands in the box of the search, taken apart: words, phrases in quotes, and filters."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from app.lib.text.cleaning import clean

LONGEST = 200
PIECE = re.compile(
    r"""(?P<name>from|channel|label|before|after):\s*(?P<value>"[^"]*"?|“[^”]*”?|\S+)"""
    r"""|["“](?P<phrase>[^"”]*)["”]?|(?P<word>\S+)""",
    re.IGNORECASE,
)
DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
NAMED_DAYS = {"today": 0, "yesterday": 1}


@dataclass(frozen=True)
class TypedSearch:
    text: str = ""
    """Outside of quotes and filters."""
    phrases: tuple[str, ...] = ()
    """Which a message has as they stand."""
    sender: str = ""
    channel: str = ""
    label: str = ""
    before: date | None = None
    """The first day on which it is no longer looked for."""
    after: date | None = None
    """The first day on which it is."""
    unclear: tuple[str, ...] = field(default=(), compare=False)
    """What of it nobody understands, each a sentence for the person."""

    @property
    def has_filters(self) -> bool:
        return self != TypedSearch(self.text, self.phrases)

    @property
    def names(self) -> str:
        """What of it can be somebody's name, number or address."""
        return " ".join((self.text, *self.phrases)).strip()


def typed(text: str, today: date) -> TypedSearch:
    """The search that was typed where it is that day. Of a filter that stands there twice the last
    counts."""
    search = TypedSearch()
    words: list[str] = []
    for found in PIECE.finditer(clean(text)[:LONGEST]):
        if found["word"]:
            words.append(found["word"])
        elif found["phrase"] is not None:
            search = _with_phrase(search, found["phrase"].strip())
        else:
            search = _filtered(search, found["name"].lower(), found["value"].strip('"“” '), today)
    return replace(search, text=" ".join(words))


def _with_phrase(search: TypedSearch, phrase: str) -> TypedSearch:
    return replace(search, phrases=(*search.phrases, phrase)) if phrase else search


def _filtered(search: TypedSearch, name: str, value: str, today: date) -> TypedSearch:
    match name:
        case "from":
            return replace(search, sender=value)
        case "channel":
            return replace(search, channel=value)
        case "label":
            return replace(search, label=value)
    day = _day(value, today)
    if day is None:
        told = f"“{name}:{value}” is no day. Write it as {name}:{today:%Y-%m-%d}."
        return replace(search, unclear=(*search.unclear, told))
    return replace(search, before=day) if name == "before" else replace(search, after=day)


def _day(value: str, today: date) -> date | None:
    """2026-11-30; of a month (2026-11) and a year the first day."""
    if value.lower() in NAMED_DAYS:
        return today - timedelta(days=NAMED_DAYS[value.lower()])
    found = DAY.fullmatch(value)
    try:
        return found and date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None

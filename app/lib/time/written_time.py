"""Dates and times as people and programs write them, day and month in any order."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, time, timedelta
from functools import cache
from typing import NamedTuple

from babel.dates import get_month_names

from app.lib.time.clock import NoSuchTime

# 2026-11-30, 30.11.2026, 11/30/26; what follows is a time.
NUMERIC = re.compile(r"\D{0,12}?\b(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\b\.?(.*)", re.DOTALL)
# 30 November 2026, 30. Nov 2026, 30 de noviembre de 2026; and Nov 30, 2026.
DAY_MONTH = re.compile(
    r"\D{0,14}?\b(\d{1,2})(?:st|nd|rd|th)?\.? (?:de )?([^\W\d]+)\.?,? (?:de )?(\d{4})\b(.*)"
)
MONTH_DAY = re.compile(
    r"(?:[^\W\d]+\.?,? )?([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b(.*)"
)
# 14:30, 2:30 pm, 14.30 Uhr, 14h30, 2 PM.
CLOCK = re.compile(
    r"[\s,T]*(?:at|um|a las|à)?\s*(\d{1,2})(?:[:.h](\d{2}))?(?:[:.]\d{2}(?:[.,]\d+)?)?"
    r"\s*(am|pm|a\.\s?m\.|p\.\s?m\.|uhr|h)?\.?\s*",
    re.IGNORECASE,
)
LENGTH = re.compile(
    r"(?:(\d{1,2})\s*(?:h|hr|hrs|hours?|std\.?|stunden?|horas?|heures?)\.?)?\s*"
    r"(?:(\d{1,4})\s*(?:m|min|mins|minutes?|minuten|minutos)?\.?)?",
    re.IGNORECASE,
)
LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "nl")
# A year of two digits is of this century.
CENTURY = 2000


class TwoDates(NoSuchTime):
    """A date that can be read in two ways."""


class DayOrder(NamedTuple):
    """In which order a file's dates have day and month."""

    day_first: bool | None
    """None: its rows do not tell."""
    asks: bool
    """Whether some of its dates can be read in two ways."""


def day_order(texts: Iterable[str]) -> DayOrder:
    """What dates that can be read in one way alone tell of the others."""
    pairs = [pair for pair in map(_pair, texts) if pair]
    told = {first > 12 for first, second in pairs if (first > 12) != (second > 12)}
    doubtful = any(first <= 12 and second <= 12 and first != second for first, second in pairs)
    found = told.pop() if len(told) == 1 else None
    return DayOrder(found, doubtful and found is None)


def _pair(text: str) -> tuple[int, int] | None:
    """Its first two numbers, where both could be a day or a month."""
    found = NUMERIC.match(text.strip())
    if not found or len(found[1]) > 2 or found[2] == ".":
        return None
    return int(found[1]), int(found[3])


def date_and_rest(text: str, day_first: bool | None) -> tuple[date, str]:
    """The date with which the text begins, and what stands after it. Raises NoSuchTime."""
    text = " ".join(text.split())
    try:
        if found := NUMERIC.fullmatch(text):
            return _numeric(found, day_first), found[5]
        if (found := DAY_MONTH.fullmatch(text)) and (month := _months().get(_plain(found[2]))):
            return date(int(found[3]), month, int(found[1])), found[4]
        if (found := MONTH_DAY.fullmatch(text)) and (month := _months().get(_plain(found[1]))):
            return date(int(found[3]), month, int(found[2])), found[4]
    except ValueError as error:
        if isinstance(error, TwoDates):
            raise
    raise NoSuchTime(f"“{text}” is no date such as 2026-11-30")


def _numeric(found: re.Match[str], day_first: bool | None) -> date:
    first, middle, last = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return date(first, middle, last)
    if len(found[1]) > 2 or len(found[4]) not in (2, 4):
        raise ValueError
    year = last if len(found[4]) == 4 else CENTURY + last
    if found[2] == "." or first > 12:
        day_first = True
    elif middle > 12:
        day_first = False
    if day_first is None and first != middle:
        raise TwoDates(
            f"“{found[0].strip()}” can be two dates: say whether the day or the month comes first"
        )
    return date(year, middle, first) if day_first else date(year, first, middle)


def time_of(text: str) -> time:
    """Such as 14:30, 2:30 pm, 14h30. Raises NoSuchTime."""
    found = CLOCK.fullmatch(text)
    half = re.sub(r"[.\s]", "", ((found and found[3]) or "").lower())
    # A number alone is no time.
    if not found or not (found[2] or half):
        raise NoSuchTime(f"“{text.strip()}” is no time such as 14:30")
    hour, minute = int(found[1]), int(found[2] or 0)
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            raise NoSuchTime(f"“{text.strip()}” is no time such as 2:30 pm")
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError:
        raise NoSuchTime(f"“{text.strip()}” is no time such as 14:30") from None


def length(text: str) -> timedelta | None:
    """How long something lasts: 45, 45 min, 1h 30, 0:45, 00:45:00; None: it says nothing such."""
    text = text.strip()
    if clock := re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", text):
        return timedelta(hours=int(clock[1]), minutes=int(clock[2]))
    found = LENGTH.fullmatch(text)
    if not found or not (found[1] or found[2]):
        return None
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


@cache
def _months() -> dict[str, int]:
    return {
        _plain(name): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    } | {"sept": 9, "marz": 3}


def _plain(word: str) -> str:
    bare = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in bare if each.isalpha())

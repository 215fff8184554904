"""The day that an answer names: «I won't make it on Monday». All pure; texts are plain, as
words.py makes them."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache, partial

from app.replies.languages import LANGUAGES
from app.replies.languages.vocabulary import Language

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def undated(clause: str) -> str:
    """The clause without the day at its beginning or at its end."""
    return _at_an_end().sub("", clause).strip()


def fits(text: str, wrote: date, meant: date) -> bool:
    """Whether somebody who wrote the text on that day, and means that one, names no other."""
    named = (match[1] for match in _anywhere().finditer(text))
    return all(_names()[name](wrote, meant) for name in named)


def _today(wrote: date, meant: date) -> bool:
    return meant == wrote


def _tomorrow(wrote: date, meant: date) -> bool:
    return meant == wrote + DAY


def _weekday(place: int, wrote: date, meant: date) -> bool:
    return meant.weekday() == place and wrote <= meant <= wrote + WEEK


@cache
def _names() -> dict[str, Callable[[date, date], bool]]:
    """What each name of a day asks of the day that is meant."""
    found: dict[str, Callable[[date, date], bool]] = {}
    for each in LANGUAGES.values():
        found |= {name: partial(_weekday, place) for place, name in enumerate(each.weekdays)}
        found |= dict.fromkeys(each.today, _today) | dict.fromkeys(each.tomorrow, _tomorrow)
    return found


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile(rf"\b{_day()}\b")


@cache
def _at_an_end() -> re.Pattern[str]:
    return re.compile(rf"^(?:{_day()} )+|(?: {_day()})+$")


def _day() -> str:
    on, hours = _any(lambda each: each.on), _any(lambda each: each.hours)
    return rf"(?:(?:{on}) )?({_one_of(_names())})(?: (?:{hours}))?"


def _any(of: Callable[[Language], Iterable[str]]) -> str:
    return _one_of(phrase for language in LANGUAGES.values() for phrase in of(language))


def _one_of(phrases: Iterable[str]) -> str:
    # The longest first, as a pattern takes the first that holds.
    return "|".join(sorted(phrases, key=len, reverse=True))

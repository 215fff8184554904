"""Reads single settings as a form or a program gives them. All pure; each raises ValueError with
a sentence that says what to give."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

from app.lib.links import is_page
from app.lib.text.cleaning import clean
from app.notifications.types.notification_type import Option

FLAGS = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False, "": False}
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:00)?")
NUMBER = re.compile(r"[0-9]{1,6}")
MOST_STEPS = 5
LONGEST_LINK = 500


def option(kind: Option, given: Any) -> Any:
    """The value of a type's own option, as it is stored."""
    return READERS[kind.kind](kind, given)


def flag(given: Any) -> bool:
    """True, false, or what a form makes of them."""
    found = FLAGS.get(str(given).strip().lower())
    if found is None:
        raise ValueError("Give true or false.")
    return found


def clock(given: Any) -> time | None:
    """A time of day such as 21:00; None for none."""
    if given is None or given == "":
        return None
    found = CLOCK.fullmatch(given.strip()) if isinstance(given, str) else None
    if found is None:
        raise ValueError("Give a time of day such as 21:00, or nothing.")
    return time(int(found[1]), int(found[2]))


def one_of(choices: dict[str, Any], given: Any) -> str:
    if not isinstance(given, str) or given not in choices:
        raise ValueError(f"Give one of {', '.join(choices)}.")
    return given


def _number(kind: Option, given: Any) -> int:
    text = str(given).strip()
    # JSON's true is no 1.
    number = int(text) if NUMBER.fullmatch(text) and not isinstance(given, bool) else None
    if number is None or not kind.least <= number <= kind.most:
        raise ValueError(f"Give a whole number from {kind.least} to {kind.most}.")
    return number


def _hours(kind: Option, given: Any) -> list[int]:
    parts = given if isinstance(given, list) else re.split(r"[,;\s]+", str(given).strip())
    try:
        hours = {_number(kind, part) for part in parts}
    except ValueError:
        hours = set()
    if not 1 <= len(hours) <= MOST_STEPS:
        raise ValueError(
            f"Give one to {MOST_STEPS} whole numbers from {kind.least} to {kind.most}, such as"
            " 24, 2."
        )
    return sorted(hours, reverse=True)


def _link(kind: Option, given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError("Give an address that begins with https://, or nothing.")
    text = clean(given).strip()
    if text and (not is_page(text) or re.search(r"\s", text) or len(text) > LONGEST_LINK):
        raise ValueError("Give an address that begins with https://, or nothing.")
    return text


READERS: dict[str, Callable[[Option, Any], Any]] = {
    "hours": _hours,
    "number": _number,
    "flag": lambda kind, given: flag(given),
    "link": _link,
}

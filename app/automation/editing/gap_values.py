"""Reads what was given for a gap of a rule's part. Each reader raises ValueError with a sentence
that says what to give."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.automation.rule_part import Gap
from app.automation.texting.rule_wording import OF_A_RULE
from app.lib.text.cleaning import clean, one_line, shows
from app.notifications.configure.template_check import check
from app.notifications.content.liquid import LONGEST

NUMBER = re.compile(r"[0-9]{1,9}")
LONGEST_LINE, LONGEST_WORD, MOST_WORDS = 200, 60, 50
GONE = "What was chosen here is no longer there. Choose again."


def read(gap: Gap, given: Any) -> Any:
    """The value as a rule stores it (JSON). given: a text, or of choices a list of texts."""
    if gap.optional and (not given or (isinstance(given, str) and not shows(given))):
        return ""
    return READERS[gap.kind](gap, given)


def _number(gap: Gap, given: Any) -> int:
    text = str(given).strip()
    number = int(text) if NUMBER.fullmatch(text) and not isinstance(given, bool) else None
    if number is None or not gap.least <= number <= gap.most:
        raise ValueError(f"Give a whole number from {gap.least:,} to {gap.most:,}.")
    return number


def _line(gap: Gap, given: Any) -> str:
    return _written(one_line(clean(_string(given))), gap.most or LONGEST_LINE)


def _text(gap: Gap, given: Any) -> str:
    return _written(clean(_string(given)).replace("\r\n", "\n").strip(), gap.most or LONGEST)


def _template(gap: Gap, given: Any) -> str:
    text = _text(gap, given)
    if flaws := check(text, replace(OF_A_RULE, variables=gap.variables)):
        raise ValueError(" ".join(flaws))
    return text


def _written(text: str, most: int) -> str:
    if not shows(text):
        raise ValueError("Write something here.")
    if len(text) > most:
        raise ValueError(f"It is too long: {most:,} characters at most.")
    return text


def _words(gap: Gap, given: Any) -> list[str]:
    """Separated by commas or line breaks; each once."""
    parts = given if isinstance(given, list) else re.split(r"[,;\n]", _string(given))
    words = list(dict.fromkeys(filter(shows, (one_line(clean(_string(part))) for part in parts))))
    most = gap.most or MOST_WORDS
    if not 1 <= len(words) <= most or any(len(word) > LONGEST_WORD for word in words):
        raise ValueError(f"Give one to {most} words or phrases, with commas between them.")
    return words


def _choice(gap: Gap, given: Any) -> str:
    """Only what the tenant in scope may choose."""
    key = _string(given)
    if not key:
        raise ValueError("Choose one.")
    if key not in dict(gap.offered()):
        raise ValueError(GONE)
    return key


def _choices(gap: Gap, given: Any) -> list[str]:
    parts = given if isinstance(given, list) else [given]
    chosen = list(dict.fromkeys(_choice(gap, part) for part in parts if part))
    if not chosen:
        raise ValueError("Choose one at least.")
    return chosen


def _string(given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError("Give a text.")
    return given


READERS: dict[str, Callable[[Gap, Any], Any]] = {
    "number": _number,
    "line": _line,
    "text": _text,
    "template": _template,
    "words": _words,
    "choice": _choice,
    "choices": _choices,
}

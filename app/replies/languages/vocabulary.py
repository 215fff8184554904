"""What a language of answers consists of."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.models import Answer


@dataclass(frozen=True)
class Language:
    """How people answer in a language; a new one is a file in this folder with a LANGUAGE.

    Words and phrases stand in small letters, without accents, apostrophes or marks.
    """

    alone: Mapping[Answer, tuple[str, ...]]
    """What is an answer only where nothing else is said: before another phrase it may deny it.
    A single letter or digit stands after no courtesy, as it might be a signature."""
    phrases: Mapping[Answer, tuple[str, ...]]
    """What is an answer also beside others that mean the same."""
    courtesy: tuple[str, ...]
    """What changes no meaning."""
    doubtful: str
    """Words that concern an appointment and decide nothing, blanks between them."""
    today: tuple[str, ...]
    tomorrow: tuple[str, ...]
    weekdays: tuple[str, ...]
    """From Monday on."""
    on: tuple[str, ...]
    """What may stand before a day."""
    hours: tuple[str, ...]
    """What may stand after a day: a part of it."""

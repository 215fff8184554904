"""Their language, where somebody knows it."""

from collections.abc import Iterator

from app.lib.time.locales import language
from app.memory.memory_line import Line, Place


def language_lines(tag: str | None) -> Iterator[Line]:
    """tag: such as es or es-MX."""
    if tag:
        yield Line("Language", language(tag), "their details", Place.DETAILS)

"""A place that a customer shares, as the text of its message: written and read here alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

SHARED = "Shared a location"
# A link that any map opens: RFC 5870 has none that people can click.
MAP = "https://maps.google.com/?q="
LINK = re.compile(re.escape(MAP) + r"-?[\d.]{1,24},-?[\d.]{1,24}")


@dataclass(frozen=True)
class Place:
    named: list[str]
    """What it is called and its address, as far as they said."""
    url: str


def shared(named: Sequence[str], latitude: str, longitude: str) -> str:
    return "\n".join([SHARED, *named, f"{MAP}{latitude},{longitude}"])


def place(text: str) -> Place | None:
    """The place that the text shares; None: it is another text."""
    first, *named = text.split("\n")
    if first != SHARED or not named:
        return None
    url = named.pop()
    return Place(named, url) if LINK.fullmatch(url) else None

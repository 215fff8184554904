"""A line of a customer's memory: what is known, and the rows that say so."""

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a line comes from, for the page to link there."""

    APPOINTMENT = "appointment"
    """One of theirs, by its id."""
    APPOINTMENTS = "appointments"
    """Those on the customer's page."""
    DETAILS = "details"
    """What staff entered on it."""
    CONSENT = "consent"
    """Its addresses, each with what was said about it."""
    THREAD = "thread"
    """The conversation; with an id the message in it."""


@dataclass(frozen=True)
class Line:
    label: str
    sentence: str
    source: str
    """Where it comes from, in a few words."""
    place: Place
    id: int | None = None
    needs_us: bool = False
    """Whether somebody has still to do something."""


def so_many(count: int, noun: str) -> str:
    """1 visit, 3 visits."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"

"""Whether the customer may be written to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from app.channels import CHANNELS
from app.lib.time.business_time import BusinessTime
from app.memory.memory_line import Line, Place

FROM = "what was said last about each address"


class Spoken(Protocol):
    @property
    def at(self) -> datetime: ...


class Reached(Protocol):
    """One of their addresses, as app/customers/address_consent.py tells it."""

    @property
    def channel(self) -> str: ...
    @property
    def stopped(self) -> bool: ...
    @property
    def event(self) -> Spoken | None: ...


def stopped_lines(at: Sequence[Reached], there: BusinessTime, now: datetime) -> Iterator[Line]:
    stopped = [each for each in at if each.stopped]
    if stopped:
        named = dict.fromkeys(CHANNELS[each.channel].label for each in stopped)
        by = " and ".join(named) if len(stopped) < len(at) else "any channel"
        when = max((each.event.at for each in stopped if each.event), default=None)
        since = f", since {there.near(when, now)}" if when else ""
        yield Line("Wants no messages", f"by {by}{since}", FROM, Place.CONSENT)


def allowed_lines(at: Sequence[Reached]) -> Iterator[Line]:
    """Where nothing is stopped."""
    if at and not any(each.stopped for each in at):
        yield Line("Messages", "may be sent to them", FROM, Place.CONSENT)

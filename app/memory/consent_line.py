"""Whether the customer may be written to."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from app.channels import CHANNELS
from app.lib.time.business_time import BusinessTime
from app.memory.memory_line import Line, Place


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


def consent_lines(at: Sequence[Reached], there: BusinessTime, now: datetime) -> Iterator[Line]:
    stopped = [each for each in at if each.stopped]
    source = "what was said last about each address"
    if not stopped:
        if at:
            yield Line("Messages", "may be sent to them", source, Place.CONSENT)
        return
    named = dict.fromkeys(CHANNELS[each.channel].label for each in stopped)
    by = " and ".join(named) if len(stopped) < len(at) else "any channel"
    when = max((each.event.at for each in stopped if each.event), default=None)
    since = f", since {there.near(when, now)}" if when else ""
    yield Line("Wants no messages", f"by {by}{since}", source, Place.CONSENT)

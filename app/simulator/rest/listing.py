"""Listing messages: Twilio's filters, newest first, a page at a time."""

import math
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from app.simulator.records import Message
from app.simulator.state import State

DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Filter:
    """Bounds are whole seconds and belong to what they bound."""

    account_sid: str | None = None
    to: str | None = None
    from_: str | None = None
    since: float | None = None
    until: float | None = None

    def matches(self, message: Message, now: float) -> bool:
        # One that waits to be sent counts from when it was created.
        sent = int(message.sent or message.created)
        return (
            not message.from_twilio
            and message.listed_from <= now
            and self.account_sid in (None, message.account_sid)
            and self.to in (None, message.to)
            and self.from_ in (None, message.from_)
            and (self.since is None or sent >= self.since)
            and (self.until is None or sent <= self.until)
        )


def read(account_sid: str, query: Mapping[str, str]) -> Filter:
    """`DateSent` is a day in GMT; `DateSent>` and `DateSent<` (from DateSent>=… and <=…) bound it.
    https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
    Raises ValueError on what is no date."""
    since, until = _moment(query.get("DateSent>")), _moment(query.get("DateSent<"))
    day = _moment(query.get("DateSent"))
    if day is not None:
        since, until = day - day % DAY, day - day % DAY + DAY - 1
    return Filter(account_sid, query.get("To") or None, query.get("From") or None, since, until)


def page(
    state: State, wanted: Filter, size: int, after: Message | None = None, lag: bool = True
) -> tuple[list[Message], bool]:
    """The next messages behind `after`, and whether there are more. Without lag also those that
    a fault still hides."""
    found: list[Message] = []
    now = time.time() if lag else math.inf
    with state.lock:
        for message in _newest_first(_shelf(state, wanted), after):
            if not wanted.matches(message, now):
                continue
            if len(found) == size:
                return found, True
            found.append(message)
    return found, False


def _shelf(state: State, wanted: Filter) -> list[Message]:
    """The shortest of the indexes that hold all that is wanted."""
    shelves = [state.order]
    if wanted.to is not None:
        shelves.append(state.by_to.get(wanted.to, []))
    if wanted.from_ is not None:
        shelves.append(state.by_from.get(wanted.from_, []))
    return min(shelves, key=len)


def _newest_first(shelf: list[Message], after: Message | None) -> Iterator[Message]:
    end = len(shelf)
    if after is not None:
        end = bisect_left(shelf, after.place, key=lambda message: message.place)
    return (shelf[index] for index in range(end - 1, -1, -1))


def _moment(text: str | None) -> float | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()

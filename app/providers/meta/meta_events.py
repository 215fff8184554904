"""What Meta's webhooks tell, in our words: an event a class."""

from dataclasses import dataclass, field
from datetime import datetime

from app.providers.contract import Received


@dataclass(frozen=True)
class Event:
    person: str
    """The customer's page-scoped or Instagram-scoped id; empty: it is of nobody."""
    at: datetime


@dataclass(frozen=True)
class Said(Event):
    """A customer's message, or a tap that says something."""

    message: Received
    standby: bool = False
    """Another app of Meta's answers there now."""
    source: str = ""
    """What led them here, such as an ad's title; empty: it does not say."""


@dataclass(frozen=True)
class Echo(Event):
    """What the account sent: we, or somebody by another app."""

    sid: str
    body: str
    what: str
    """What it is where its text does not say."""
    metadata: str
    app_id: str


@dataclass(frozen=True)
class Unsent(Event):
    """Whoever wrote it took it back."""

    sid: str


@dataclass(frozen=True)
class Edited(Event):
    sid: str
    body: str
    number: int
    """The first edit is 1."""


@dataclass(frozen=True)
class Reacted(Event):
    sid: str
    emoji: str
    """Empty: the reaction was taken back."""


@dataclass(frozen=True)
class Delivered(Event):
    until: datetime
    """All that was sent to them by then."""
    sids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Seen(Event):
    until: datetime | None
    sid: str = ""
    """Where only the last is named: that, and all before it."""


@dataclass(frozen=True)
class Met(Event):
    """They came back to the thread by a link or an ad: its window opens."""


@dataclass(frozen=True)
class Handed(Event):
    """Who answers there has changed."""

    ours: bool


@dataclass(frozen=True)
class Enforced(Event):
    """Meta warns the page, blocks it, or does so no more."""

    action: str
    """warning, block or unblock."""
    reason: str


@dataclass(frozen=True)
class Reviewed(Event):
    """What Meta says of a message template."""

    name: str
    language: str
    approved: bool
    reason: str


@dataclass(frozen=True)
class Entry:
    """What a webhook tells of one account."""

    kind: str
    """The webhook's object: page or instagram."""
    account: str
    raw: dict[str, object] = field(repr=False)

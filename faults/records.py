"""What the run did, by which it is judged; filled from many threads."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from app.lib.message_status import MessageStatus


@dataclass
class Posted:
    """A message that staff wrote, and what became of the posts that carried it."""

    slug: str
    customer_id: int
    channel: str
    body: str
    token: str
    ids: set[int] = field(default_factory=set)
    """Of the message, as a 2xx named it; empty: no post was accepted."""
    refused: str = ""
    posts: int = 0


@dataclass
class Webhook:
    """A customer's message that the run itself posted, signed."""

    slug: str
    sid: str
    accepted: bool = False
    taken_at: float = 0.0
    """When it was accepted, if it was, by time.monotonic()."""


@dataclass
class Command:
    """What staff did to an appointment, and when, by the clock that the product has, too."""

    starts_at: datetime
    """Of the appointment from then on."""
    status: str
    begun: datetime
    done: datetime | None = None
    """When a 2xx said so; None: nobody knows whether."""


@dataclass
class Booked:
    """An appointment, which its notes name; the first command is its booking."""

    slug: str
    customer_id: int
    notes: str
    commands: list[Command] = field(default_factory=list)
    id: int = 0
    """As the product named it; 0: it gave no clear answer."""
    attendee: str = ""
    """Who comes, by whose name their messages tell of them; empty: the customer."""


@dataclass
class Call:
    """A call that the run itself told of, signed."""

    slug: str
    sid: str
    missed: bool
    accepted: bool = False


@dataclass
class Stop:
    """A customer who wants no more messages of the business."""

    slug: str
    number: str
    at: datetime
    """When the product had said that it knows."""


@dataclass
class Panel:
    """A visitor's open panel, which asks for what came after the last that it has."""

    slug: str
    index: int
    last: int = 0
    shown: list[int] = field(default_factory=list)
    """The ids of what the business wrote, as they came."""


@dataclass
class Records:
    posted: list[Posted] = field(default_factory=list)
    webhooks: list[Webhook] = field(default_factory=list)
    booked: list[Booked] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    heard: dict[str, MessageStatus] = field(default_factory=dict)
    """By our id of a message: the highest status that a callback of the run told, with a 2xx."""
    panels: list[Panel] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    """Answers that nothing explains."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def booked_now(self, *appointments: Booked) -> None:
        with self.lock:
            self.booked.extend(appointments)

    def surprise(self, what: str) -> None:
        with self.lock:
            self.surprises.append(what)

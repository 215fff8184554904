"""What the simulator remembers: numbers, telephones and the messages between them."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from app.simulator.addresses import Channel, join, whatsapp_user

Direction = Literal["inbound", "outbound-api", "outbound-reply"]
Json = dict[str, Any]


@dataclass(slots=True)
class Media:
    sid: str
    content_type: str
    name: str = ""


@dataclass(slots=True)
class Message:
    sid: str
    account_sid: str
    direction: Direction
    channel: Channel
    business: str
    phone: str
    body: str
    status: str
    created: float
    updated: float
    segments: int = 1
    sent: float | None = None
    error_code: int | None = None
    messaging_service_sid: str | None = None
    content_sid: str | None = None
    status_callback: str | None = None
    media_urls: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    # The code it will fail with, once its time has come.
    doom: int | None = None
    # Twilio's own answer to STOP, START and HELP: on the telephone, not in the API.
    from_twilio: bool = False
    # Not in listings before this time.
    listed_from: float = 0.0
    seen: bool = False
    # Inbound: pending, delivered, or what went wrong. Outbound: the last callback's trouble.
    webhook: str = ""
    base_url: str = ""
    # Its place in the order of creation.
    place: int = -1
    # The number from which it goes by SMS, with that text, where RCS does not reach the telephone.
    fallback: str = ""
    fallback_body: str = ""
    # The buttons under it.
    actions: list[Json] = field(default_factory=list)
    # Inbound: the id of the button that was tapped, and that the telephone shows nothing of it.
    button: str = ""
    unseen: bool = False
    # By WhatsApp to or from the user id alone, as the telephone hides its number.
    by_id: bool = False

    @property
    def inbound(self) -> bool:
        return self.direction == "inbound"

    @property
    def person(self) -> str:
        """What the channel calls whose telephone it is."""
        return whatsapp_user(self.phone) if self.by_id else self.phone

    @property
    def from_(self) -> str:
        return join(self.channel, self.person if self.inbound else self.business)

    @property
    def to(self) -> str:
        return join(self.channel, self.business if self.inbound else self.person)

    def json(self) -> Json:
        return asdict(self)


@dataclass(slots=True)
class Number:
    """A number of a business, with the webhooks that Twilio would call."""

    number: str
    sid: str
    account_sid: str
    created: float
    label: str = ""
    sms_url: str = ""
    whatsapp_url: str = ""
    fallback_url: str = ""
    voice_url: str = ""
    # Told when a call is over.
    status_callback: str = ""
    can_sms: bool = True
    can_mms: bool = True
    can_voice: bool = True
    # It is not in the account any more.
    gone: bool = False
    # Twilio keeps no more messages for it that wait.
    queue_full: bool = False
    whatsapp_fallback_url: str = ""
    whatsapp_status: str = "ONLINE"
    whatsapp_quality: str = "HIGH"
    # Of the RCS sender whose messages fall back to it.
    rcs_status: str = "ONLINE"
    # What stood in the fields of a breakage (breakages.py) before it.
    stood: Json = field(default_factory=dict)

    def url(self, channel: Channel) -> str:
        return self.whatsapp_url if channel == "whatsapp" else self.sms_url


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody telephoned a business, and what became of it so far."""

    sid: str
    account_sid: str
    business: str
    phone: str
    created: float
    status: str = "in-progress"
    rang: str = ""
    """The telephone that the product let ring, if it did."""
    dialed: str = ""
    """completed: somebody took it there; no-answer: nobody did."""
    heard: list[str] = field(default_factory=list)
    problem: str = ""
    ended: float | None = None
    seconds: int = 0
    """From when Twilio answered, or somebody did, until the end."""
    child: str = ""
    """The SID of the call to that telephone, and how that one ended."""
    child_status: str = ""
    child_seconds: int = 0


@dataclass(slots=True)
class Content:
    """A template, with gaps such as {{1}}, and what WhatsApp says of it; with buttons it is a card,
    whose text the body is, too."""

    sid: str
    body: str
    name: str = ""
    approval: str = "approved"
    rejection_reason: str = ""
    actions: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Phone:
    """Somebody's telephone: a number, or the name of a WhatsApp user who has none."""

    number: str
    name: str = ""
    rcs: bool = False
    hidden: bool = False
    """Whether WhatsApp tells no business its number, but a user id."""


def new_sid(prefix: str) -> str:
    """A SID is two letters and 32 hexadecimal digits. https://www.twilio.com/docs/glossary/what-is-a-sid"""
    return prefix + secrets.token_hex(16)


def message_from(data: Json) -> Message:
    media = [Media(**each) for each in data.get("media", [])]
    return Message(**{**data, "media": media})


@dataclass(slots=True)
class Site:
    slug: str
    name: str = ""
    loader: str = ""
    """Where the product has the script of the business's live chat."""
    secret: str = ""
    """What the site signs by, who is signed in there; empty: it signs nobody in."""

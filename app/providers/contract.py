"""What every carrier is asked and answers; a provider translates its own words into these."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from app.channels.channel import Channel
from app.lib.fault import place
from app.lib.mail.automatic_mail import Nature
from app.lib.message_status import MessageStatus
from app.lib.reminder_buttons import Tapped
from app.lib.telephone.call_outcome import CallOutcome


class Outcome(StrEnum):
    """What is known of a send that did not succeed."""

    REFUSED = "refused"
    """Certainly not sent; trying again would not help."""
    RETRY = "retry"
    """Certainly not sent; trying again can help."""
    UNKNOWN = "unknown"
    """Perhaps sent: nobody may send it again blindly."""


class SendError(Exception):
    """A message did not get a yes. The text is for the business: what happened, what to do."""

    def __init__(
        self,
        reason: str,
        outcome: Outcome,
        code: int | None = None,
        opted_out: bool = False,
        sender_at_fault: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.outcome = outcome
        self.code = code
        self.opted_out = opted_out
        # Nothing else would get through either, until the account or the number is put right.
        self.sender_at_fault = sender_at_fault

    @property
    def for_the_operator(self) -> str:
        """What went wrong, without a customer's number or text."""
        return self.reason


class CannotTell(SendError):
    """The carrier keeps no list of what it took: whoever asks it, and however often, learns no
    more."""

    def __init__(self) -> None:
        super().__init__("The carrier cannot say what became of it.", Outcome.UNKNOWN)


FAULT = (
    "This message was not sent because of a fault of ours. Our operator has been told and can"
    " send it; try it again yourself if it cannot wait."
)


class Fault(SendError):
    """Our own code broke before the carrier was called: certainly not sent."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(FAULT, Outcome.RETRY)
        self._place = place(cause)

    @property
    def for_the_operator(self) -> str:
        return self._place


@contextmanager
def before_the_call() -> Iterator[None]:
    """Whatever breaks in here has not been sent. Raises SendError, of our own faults Fault."""
    try:
        yield
    except SendError:
        raise
    except Exception as error:
        raise Fault(error) from error


class BadRequest(ValueError):
    """A webhook lacks what it must have; the text names it."""


@dataclass(frozen=True)
class Account:
    """Whose account carries a tenant's messages."""

    sid: str
    token: str = field(repr=False)
    node: str = ""
    """What its carrier's calls name, where that is not the sid."""


@dataclass(frozen=True)
class Outgoing:
    channel: Channel
    sender: str
    recipient: str
    body: str
    callback_url: str
    service: str | None = None
    """The service of the carrier's that sends it, by the best channel that reaches the recipient;
    the sender is what it falls back to. None: the sender itself."""
    media_urls: tuple[str, ...] = ()
    content_sid: str | None = None
    """The approved template that the body was made from."""
    content_variables: Mapping[str, str] = field(default_factory=dict)
    valid_for: timedelta | None = None
    """How long the carrier may keep it waiting; None: as long as is usual."""
    letter: "Letter | None" = None
    """What else there is of an email."""
    id: str = ""
    """Our own name for it, the same at each attempt."""
    media_types: tuple[str, ...] = ()
    """Of what stands at the media_urls."""
    answers: str = ""
    """The carrier's id of the customer's message that it answers; empty: none in particular."""
    by_human_agent: bool = False
    """A person typed it, and it goes out after the session window for that reason alone."""


@dataclass(frozen=True)
class File:
    """What goes along within an email, either way; other carriers fetch it from us, or we from
    them."""

    content_type: str
    content: bytes = field(repr=False)
    name: str = field(default="", repr=False)
    """As whoever sent it has named it; not fit to be used as it is."""
    content_id: str = field(default="", repr=False)
    """By which the email's HTML names it (RFC 2392); empty: it stands in no text."""


@dataclass(frozen=True)
class Letter:
    id: str
    """Our own name for it, the same at each attempt."""
    sender_name: str
    reply_to: str
    subject: str
    html: str | None = None
    """Beside its plain text; None: the text alone."""
    files: tuple[File, ...] = ()
    unsubscribe_url: str | None = None
    """Where a POST says that no more are wanted (RFC 8058); None: none is offered."""
    automatic: bool = False
    """Whether nobody wrote it by hand."""
    foot: str = ""
    """A quiet line below everything, in plain text."""
    answers: tuple[str, ...] = ()
    """The Message-IDs of what it answers, the eldest first; the last is the email itself."""
    return_path: str = ""
    """Where a bounce goes (RFC 5321, reverse-path); empty: to its sender."""


@dataclass(frozen=True)
class Accepted:
    """The carrier has the message and calls it sid."""

    sid: str
    status: MessageStatus
    without_template: bool = False
    """It did not take the template, and has the text alone."""


@dataclass(frozen=True)
class Attachment:
    url: str
    """Empty: its carrier does not keep it, and nobody is to be asked for it."""
    content_type: str


@dataclass(frozen=True)
class Received:
    """A customer's message, in our words."""

    sid: str
    address: str
    aliases: tuple[str, ...]
    """Other addresses of the same person on the same channel, e.g. a WhatsApp user id."""
    recipient: str
    name: str
    body: str
    attachments: tuple[Attachment, ...]
    opt_out_type: str = ""
    """How the carrier itself read a word such as STOP, where it says so."""
    what: str = ""
    """What it is, in a sentence, where its text does not say: Sent a sticker."""
    letter: "ReceivedLetter | None" = None
    """What else there is of an email."""
    quotes: str = ""
    """The carrier's id of the message that it answers, where they chose one."""
    files: tuple[File, ...] = ()
    """What came within it, of which nothing is to be fetched."""
    tapped: Tapped | None = None
    """The button that they tapped instead of writing."""


@dataclass(frozen=True)
class ReceivedLetter:
    id: str
    """Its Message-ID; empty: it has none."""
    subject: str
    answers: tuple[str, ...] = ()
    """The Message-IDs of what it answers, the eldest first."""
    whole: str = field(default="", repr=False)
    """The text with what it quotes; empty: it quotes nothing."""
    files: tuple[File, ...] = ()
    """What came within it, of which nothing is to be fetched."""
    nature: Nature = field(default_factory=Nature)
    html: str = field(default="", repr=False)
    """As it was set by whoever sent it; empty: it was not."""
    recipients: tuple[str, ...] = field(default=(), repr=False)
    """All that it says it went to, in small letters."""
    invitation: Mapping[str, Any] | None = field(default=None, repr=False)
    """What it invites to (app/lib/mail/invitation.py)."""
    report: "EmailReport | None" = None
    """It is a machine's report and no message."""


class EmailNews(StrEnum):
    FAILED = "failed"
    DELAYED = "delayed"
    """Nothing is decided yet, or it went on to where nobody reports from."""
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    """Its reader has called it spam."""


@dataclass(frozen=True)
class EmailReport:
    """What a mail server (RFC 3464) or a mail service (ARF, RFC 5965) says of an email of ours."""

    news: EmailNews
    status: str = ""
    """Why, as RFC 3463 numbers it, such as 5.1.1; empty: it does not say."""
    named: tuple[str, ...] = ()
    """The Message-IDs of what it is about."""
    return_path: str = field(default="", repr=False)
    """Where that comes back to, where it says so."""


@dataclass(frozen=True)
class Fetched:
    """A file that came with a customer's message."""

    content: bytes = field(repr=False)
    name: str = field(default="", repr=False)
    """As whoever sent it has named it, where the carrier says so; not fit to be used as it is."""


@dataclass(frozen=True)
class Listed:
    """A customer's message in the carrier's list, read by itself: one may be unreadable."""

    sid: str
    at: datetime
    read: Callable[[], Received]
    """Raises SendError when the carrier cannot say what came with it."""


@dataclass(frozen=True)
class StatusReport:
    """What became of a message we sent; status None: a step that we do not track."""

    sid: str
    status: MessageStatus | None
    error_code: int | None = None
    error: str | None = None
    opted_out: bool = False
    """The person does not want messages: nothing may be sent to them any more."""
    sure: bool = True
    """False: it may as well be another message to the same person."""
    pieces: int = 1
    """As how many of the carrier's messages it was found, by the id of the last. Of several, that
    one may be the end of another message: they go out one by one, and nothing ties them."""
    carried_by: str = ""
    """The key of the channel that carries it, as far as the carrier has decided; empty: it does not
    say."""


@dataclass(frozen=True)
class CallReport:
    """What a carrier says of a call to a business."""

    sid: str
    caller: str
    """Their number, or what else they call from; empty: they kept it back."""
    called: str
    outcome: CallOutcome
    seconds: int = 0
    """How long they talked."""
    sure: bool = True
    """Whether it says what came of the call; False: only that it is over."""


@dataclass(frozen=True)
class CallEnd:
    """What a carrier knows of a call that was told to ring somewhere."""

    outcome: CallOutcome
    """RINGING as long as it goes on; UNKNOWN where it cannot say, and never will."""
    seconds: int = 0


class Event(StrEnum):
    """What happens to a number, and a carrier tells by a webhook."""

    MESSAGE = "message"
    STATUS = "status"
    """What became of a message, where the sender tells it, too."""
    FALLBACK = "fallback"
    """A message whose webhook failed."""
    CALL = "call"
    CALL_ENDED = "call ended"


class Ability(StrEnum):
    """What a number can carry."""

    TEXTS = "texts"
    PICTURES = "pictures"
    CALLS = "calls"


@dataclass(frozen=True)
class Line:
    """A number in an account, and what its carrier says of it."""

    urls: Mapping[Event, str]
    """Where each event is told; empty: nowhere. What is not in it is not told of such a number."""
    abilities: frozenset[Ability] = frozenset(Ability)
    trouble: str = ""
    """Why it is not in use now, whatever it can, in a sentence; empty: it is."""
    warning: str = ""
    """What may soon keep it from sending, in a sentence."""


class Approval(StrEnum):
    """What WhatsApp says of a template."""

    APPROVED = "approved"
    WAITING = "waiting"
    """Nobody has decided yet, or it was not handed in."""
    REFUSED = "refused"
    """Nothing can be sent with it."""


@dataclass(frozen=True)
class Review:
    approval: Approval
    said: str = ""
    """Why it is not approved, as part of a sentence: was rejected (…)."""


class Provider(Protocol):
    def send(self, account: Account, message: Outgoing) -> Accepted:
        """Hand the message over. Raises SendError; takes at most TIMEOUT seconds."""

    def find(self, account: Account, message: Outgoing, since: datetime) -> list[StatusReport]:
        """What the carrier has of this message, created since then; newest first.

        Raises SendError when it cannot say, and CannotTell where it never can.
        """

    def look_up(self, account: Account, sid: str) -> StatusReport:
        """What became of a message that the carrier accepted. Raises SendError."""

    def look_up_call(self, account: Account, sid: str, screened: bool) -> CallEnd:
        """What came of a call to a business; screened: whoever picks up has to take it.

        Raises SendError when it cannot say now.
        """

    def received_since(
        self, account: Account, channel: Channel, number: str, since: datetime
    ) -> list[Listed]:
        """What customers sent to the number since then, oldest first.

        Raises SendError when the carrier cannot say.
        """

    def owns(
        self, account: Account, channel: Channel, number: str, service: str | None = None
    ) -> bool:
        """Whether the account can write from the number on the channel, by the service where one is
        named. Raises SendError when the carrier cannot say."""

    def sign_in(self, account: Account) -> None:
        """Whether the carrier lets the account in. Raises SendError: why it does not, or that it
        could not be asked (RETRY)."""

    def line(self, account: Account, channel: Channel, number: str) -> Line | None:
        """The number as the account has it on the channel; None: it has not. Raises SendError when
        the carrier cannot say."""

    def point(
        self, account: Account, channel: Channel, number: str, urls: Mapping[Event, str]
    ) -> None:
        """Let the events of the account's number be told there; those that are not named stay as
        they are. Raises SendError: nothing is known of what was changed."""

    def review(self, account: Account, content_sid: str) -> Review | None:
        """What WhatsApp says of a template; None: the account has no such template. Raises
        SendError when the carrier cannot say."""

    def make_template(self, account: Account, definition: Mapping[str, Any]) -> str:
        """Make a template that messages can be filled into, in the carrier's words; what it calls
        it. Raises SendError."""

    def fetch(self, account: Account, url: str) -> Fetched:
        """A received attachment. Raises SendError."""

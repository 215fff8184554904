"""An email as it came in, and how it is read."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

from app.simulator.records import Json, new_sid


@dataclass(slots=True)
class Email:
    """One email, to all that it was sent to. The sender and the recipients are the envelope's."""

    at: float
    sender: str
    recipients: list[str]
    headers: dict[str, str]
    """By their names as they were written, decoded; one that came twice has two lines."""
    text: str
    html: str
    size: int
    files: list[str] = field(default_factory=list)
    """The names of what is attached."""
    sid: str = field(default_factory=lambda: new_sid("EM"))
    seen: bool = False
    unsubscribed: str = ""
    """What the one-click address answered, once its owner has used it."""
    answered: str = ""
    """What came of its owner's last answer to it."""

    def header(self, name: str) -> str:
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), "")

    @property
    def from_(self) -> str:
        return self.header("From")

    @property
    def reply_to(self) -> str:
        return self.header("Reply-To")

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def message_id(self) -> str:
        return self.header("Message-ID")

    @property
    def unsubscribe_url(self) -> str:
        """The web address of List-Unsubscribe. https://www.rfc-editor.org/rfc/rfc2369"""
        found = re.search(r"<(https?://[^>]+)>", self.header("List-Unsubscribe"))
        return found[1] if found else ""

    @property
    def one_click(self) -> bool:
        """Whether a post to that address suffices. https://www.rfc-editor.org/rfc/rfc8058"""
        asked = self.header("List-Unsubscribe-Post").replace(" ", "").lower()
        return bool(self.unsubscribe_url) and asked == "list-unsubscribe=one-click"

    def json(self) -> Json:
        named = ("from_", "reply_to", "subject", "message_id", "unsubscribe_url", "one_click")
        return {**asdict(self), **{name.rstrip("_"): getattr(self, name) for name in named}}

    @property
    def from_name(self) -> str:
        """Who it is from as a list of emails shows it: the name, else the address."""
        [*_, (name, address)] = getaddresses([self.from_]) or [("", "")]
        return name or address or self.sender


def read(content: bytes, sender: str, recipients: Sequence[str], at: float) -> Email:
    """Raises ValueError when it is no email that a mail program could show."""
    try:
        message = message_from_bytes(content, policy=policy.default)
        headers: dict[str, str] = {}
        for name, value in message.items():
            said = _readable(str(value))
            headers[name] = f"{headers[name]}\n{said}" if name in headers else said
        text, html = _part(message, "plain"), _part(message, "html")
        files = [_readable(part.get_filename() or "") for part in message.iter_attachments()]
    except (LookupError, AttributeError, TypeError) as error:
        # An unknown charset; or the standard library's own falls over what is no address.
        raise ValueError(f"its charset or a header is none: {error}") from None
    readable = [_readable(each) for each in recipients]
    return Email(at, _readable(sender), readable, headers, text, html, len(content), files)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return _readable(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _readable(text: str) -> str:
    """What is no UTF-8 comes out of the parsers as lone surrogates, which no page can hold."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

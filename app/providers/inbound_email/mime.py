"""An email as it goes over the wire (RFC 5322, MIME)."""

from app.providers.contract import Received
from app.providers.inbound_email.mail import Mail, received, unreadable
from app.providers.inbound_email.mail_body import body
from app.providers.inbound_email.parts import HEAD, Part, Unreadable, part


def read(raw: memoryview, recipient: str = "", envelope: str | None = None) -> Received:
    """The email in our words. One that cannot be taken apart is kept as it came. Raises Unreadable
    where it has no head, and is no email at all."""
    known = head_alone(raw)
    try:
        mail = _mail(part(raw), recipient, envelope)
    except (Unreadable, RecursionError):
        return unreadable(bytes(raw), known.head)
    return received(mail)


def head_alone(raw: memoryview) -> Part:
    """As much of the head as is read, however much there is. Raises Unreadable: there is none."""
    longest, most_lines = HEAD
    lines = bytes(raw[:longest]).splitlines(keepends=True)[:most_lines]
    found = part(memoryview(b"".join(lines)))
    if not found.head.keys():
        raise Unreadable("it has no head")
    return found


def _mail(whole: Part, recipient: str, envelope: str | None) -> Mail:
    found = body(whole)
    return Mail(whole.head, found.text, found.html, found.files, recipient, envelope)

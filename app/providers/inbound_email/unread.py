"""Emails that cannot be read, shown as such."""

from dataclasses import replace
from datetime import datetime
from email.message import Message
from hashlib import sha256

from app.providers.contract import Received
from app.providers.imap.reading import LARGEST, MB
from app.providers.inbound_email import mime
from app.providers.inbound_email.head import moment
from app.providers.inbound_email.mail import Mail, received, unreadable
from app.providers.inbound_email.parts import Unreadable

__all__ = ["Unreadable", "as_it_came", "by_its_head", "says_before"]

TOO_LARGE = "This email is too large to be shown here ({size} MB). Open it in your mailbox."
NOT_GIVEN = "This email could not be fetched. Open it in your mailbox."


def as_it_came(raw: bytes) -> Received:
    """With the whole of it attached."""
    head = _head(raw)
    told = unreadable(raw, head)
    if head.keys():
        return told
    return replace(told, sid=f"email:{sha256(raw).hexdigest()[:40]}")


def by_its_head(raw: bytes, size: int) -> Received:
    """With no more of it than what its head says."""
    told = TOO_LARGE.format(size=round(size / MB)) if size > LARGEST else NOT_GIVEN
    return received(Mail(_head(raw), told, "", ()))


def says_before(raw: bytes, at: datetime) -> bool:
    """Whether its head says that it was written before then."""
    try:
        return datetime.fromisoformat(moment(_head(raw))) < at
    except (TypeError, ValueError):
        return False


def _head(raw: bytes) -> Message:
    try:
        return mime.head_alone(memoryview(raw)).head
    except (Unreadable, RecursionError):
        return Message()

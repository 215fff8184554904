"""What mail servers report of an email that they had taken: it came back, or arrived; and what its
reader calls it."""

import re
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, update

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import ContactPoint, Message
from app.outbox import transitions
from app.outbox.queue.opt_out import opted_out, stop_by_complaint


class Meaning(NamedTuple):
    pattern: re.Pattern[str]
    """Of the status, as RFC 3463 numbers it."""
    sentence: str
    no_such_address: bool = False


# The first that fits; 5.1.7 to 5.1.9 are about the sender's address.
MEANINGS = (
    Meaning(
        re.compile(r"5\.1\.[789]|\d\.7\.\d+"),
        "The mail server there refuses this email{code}, by a rule of its own or as spam. Write by"
        " another channel, and where it happens with others too, tell your operator.",
    ),
    Meaning(
        re.compile(r"5\.1\.\d+"),
        "The email came back: there is no such mailbox{code}. Ask the customer for another"
        " address.",
        no_such_address=True,
    ),
    Meaning(
        re.compile(r"\d\.2\.2"),
        "The email came back: their mailbox is full{code}. Try again later, or write by another"
        " channel.",
    ),
    Meaning(
        re.compile(r"4\.\d+\.\d+"),
        "The email came back: the mail server there did not take it in time{code}. Try again later,"
        " or write by another channel.",
    ),
    Meaning(
        re.compile(r".*"),
        "The email came back{code}. Ask the customer for another address, or write by another"
        " channel.",
    ),
)


def failed(message: Message, status: str, now: datetime) -> bool:
    """It did not arrive, for the reason of that status; whether that was news. Where nobody has
    such a mailbox no more emails go there. Part of the caller's transaction."""
    meaning = next(each for each in MEANINGS if each.pattern.fullmatch(status))
    why = meaning.sentence.format(code=f" ({status})" if status else "")
    news = _report(message, MessageStatus.FAILED, error=why)
    if news and meaning.no_such_address:
        _nobody_there(message, now)
    return news


def delivered(message: Message, now: datetime) -> bool:
    """It arrived; whether that was news. Part of the caller's transaction."""
    sent_at = func.coalesce(Message.sent_at, now)
    return _report(message, MessageStatus.DELIVERED, sent_at=sent_at, error=None)


def complained(message: Message, now: datetime) -> bool:
    """Its reader has called it spam, and so wants no more; whether that was news. Part of the
    caller's transaction."""
    if opted_out(message.channel, message.recipient):
        return False
    stop_by_complaint(message, now)
    return True


def _report(message: Message, status: MessageStatus, **facts: object) -> bool:
    moved = transitions.report([Message.id == message.id], status, **facts).returning(Message.id)
    return db.session.scalar(moved) is not None


def _nobody_there(message: Message, now: datetime) -> None:
    there = ContactPoint.channel == message.channel, ContactPoint.address == message.recipient
    ended = update(ContactPoint).where(*there, ContactPoint.invalid_since.is_(None))
    db.session.execute(ended.values(invalid_since=now).execution_options(synchronize_session=False))

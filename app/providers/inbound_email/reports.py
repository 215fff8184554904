"""What a machine reports of an email: that it did not arrive (RFC 3464), or that its reader called
it spam (ARF, RFC 5965)."""

import re
from collections.abc import Iterable
from email.message import Message
from email.parser import HeaderParser

from app.providers.contract import EmailNews, EmailReport, File
from app.providers.inbound_email import head
from app.providers.inbound_email.charsets import decoded
from app.providers.inbound_email.parts import Unreadable, part

DELIVERY, FEEDBACK = "message/delivery-status", "message/feedback-report"
# In which of its files a report quotes what it is about.
QUOTED = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")
LONGEST = 64 * 1024
# https://www.iana.org/assignments/marf-parameters
COMPLAINTS = ("abuse", "opt-out", "opt-out-list")
# No part of an IP address (10.5.1.9).
STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
ACTIONS = {
    "failed": EmailNews.FAILED,
    "delayed": EmailNews.DELAYED,
    "delivered": EmailNews.DELIVERED,
    # To where nobody reports from, or to several.
    "relayed": EmailNews.DELAYED,
    "expanded": EmailNews.DELAYED,
}
# Where none of these is said, the first digit of the status tells.
CLASSES = {"5": EmailNews.FAILED, "4": EmailNews.DELAYED, "2": EmailNews.DELIVERED}
# 5.0.0 and its like say nothing; then the server's own words may.
VAGUE = re.compile(r"[245]\.0\.0")


def report(files: Iterable[File]) -> EmailReport | None:
    """What the email's files report; None: it is no such report."""
    by_type = {file.content_type: file for file in reversed(list(files))}
    named = _named(file for kind, file in by_type.items() if kind in QUOTED)
    if DELIVERY in by_type:
        return _delivery(by_type[DELIVERY].content, named)
    return _complaint(by_type[FEEDBACK].content, named) if FEEDBACK in by_type else None


def _complaint(content: bytes, named: tuple[str, ...]) -> EmailReport | None:
    """That its reader wants none; other kinds of feedback (auth-failure …) are about servers."""
    said = HeaderParser().parsestr(decoded(content[:LONGEST]))
    if head.field(said, "Feedback-Type").lower() not in COMPLAINTS:
        return None
    sent_by = head.first_named(said, "Original-Mail-From").lower()
    return EmailReport(EmailNews.COMPLAINT, named=named, return_path=sent_by)


def _delivery(content: bytes, named: tuple[str, ...]) -> EmailReport | None:
    blocks = re.split(r"\n\s*\n", decoded(content[:LONGEST]).replace("\r\n", "\n"))
    found = [each for each in map(_of_recipient, map(HeaderParser().parsestr, blocks)) if each]
    if not found:
        return None
    # One that did not arrive counts, whatever became of others.
    news, status = min(found, key=lambda each: each[0] is not EmailNews.FAILED)
    return EmailReport(news, status, named)


def _of_recipient(block: Message) -> tuple[EmailNews, str] | None:
    """What became of it for one of those whom it went to; None: the block tells of nobody."""
    status = _status(head.field(block, "Status"), head.field(block, "Diagnostic-Code"))
    action = head.field(block, "Action").partition(" ")[0].lower()
    news = ACTIONS.get(action) or CLASSES.get(status[:1])
    return (news, status) if news else None


def _status(written: str, diagnostic: str) -> str:
    said = STATUS.search(written)
    if said and not VAGUE.fullmatch(said[0]):
        return said[0]
    better = STATUS.search(diagnostic)
    return better[0] if better else said[0] if said else ""


def _named(quoted: Iterable[File]) -> tuple[str, ...]:
    ids = (_message_id(file.content) for file in quoted)
    return tuple(filter(None, ids))


def _message_id(content: bytes) -> str:
    try:
        return head.message_id(part(memoryview(content[:LONGEST])).head)
    except Unreadable:
        return ""

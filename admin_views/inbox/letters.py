"""What a thread shows of an email beside its text: what it invites to, and its frame."""

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from app.inbox.reading.message_rows import MessageRow
from app.lib.time.business_time import BusinessTime
from app.models import Customer

# RFC 5546; what else there is only tells of something.
METHODS = {"REQUEST": "Invitation", "CANCEL": "Cancelled", "REPLY": "Answer to an invitation"}
# What who was invited says (RFC 5545, 3.2.12).
ANSWERS = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Perhaps"}
A_DAY = len("2026-11-03")
# In pixels: a line of it and what it is told in, and how high a frame begins at most.
LINE, LETTERS_A_LINE, PICTURE, AROUND, LOWEST, HIGHEST = 23, 70, 180, 60, 120, 560


@dataclass(frozen=True)
class Invited:
    label: str
    what: str
    when: str
    where: str
    who: str


def invited(message: MessageRow, there: BusinessTime, now: datetime) -> Invited | None:
    """What the email invites to, in the business's time; None: to nothing."""
    email = message.received_email
    told = email.invitation if email else None
    if not told:
        return None
    answer = ANSWERS.get(told.get("answer", ""))
    label = "Cancelled" if told["cancelled"] else METHODS.get(told["method"], "Appointment")
    when = _when(told, there, now) + (", and again" if told["repeats"] else "")
    return Invited(
        answer or label, told["what"] or "Without a title", when, told["where"], told["who"]
    )


def somebody_there(message: MessageRow, customer: Customer) -> bool:
    """Whether the customer has an address on the message's channel that nobody has called dead."""
    there = [at for at in customer.contact_points if at.channel == message.channel]
    return not there or any(at.invalid_since is None for at in there)


def frame_height(message: MessageRow) -> int:
    """How high the frame of its HTML begins, in pixels: about as much as it says. It has no scripts
    that could tell, and is drawn longer by hand."""
    email = message.received_email
    text = (email and email.whole) or message.body
    lines = sum(ceil(len(line) / LETTERS_A_LINE) or 1 for line in text[:10_000].split("\n"))
    pictures = sum(1 for file in message.media if file.content_id and file.is_picture)
    return max(LOWEST, min(HIGHEST, AROUND + LINE * lines + PICTURE * pictures))


def _when(told: dict[str, Any], there: BusinessTime, now: datetime) -> str:
    if len(told["starts_at"]) == A_DAY:
        return there.whole(date.fromisoformat(told["starts_at"]))
    start, end = _instant(told["starts_at"], there), _instant(told["ends_at"], there)
    same_day = there.day(start) == there.day(end)
    ends = there.time(end) if same_day else there.near(end, now)
    return f"{there.near(start, now)} – {ends}" if end > start else there.near(start, now)


def _instant(text: str, there: BusinessTime) -> datetime:
    """Where it names no zone, it is the reader's own wall time."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(there.timezone))

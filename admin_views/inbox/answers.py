"""What customers answered to reminders and said of our messages, as staff read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from admin_views.calendar.notice_words import foretold
from admin_views.numbers import pretty
from admin_views.times import business_time
from app.appointments import rules
from app.channels import CHANNELS
from app.extensions import db
from app.inbox.marks import HEAVY
from app.inbox.reading.message_rows import MessageRow
from app.lib.time.business_time import BusinessTime
from app.lib.time.clock import now
from app.models import (
    Answer,
    Appointment,
    Conversation,
    Customer,
    Outcome,
    Reply,
)
from app.outbox.queue import opt_out, stop_asked
from app.prepared import Question

BECAME = {Outcome.CONFIRMED: "Confirmed by reply", Outcome.CANCELLED: "Cancelled by reply"}
# Answers that a person has to look at.
WAITS = {
    Answer.CANCEL: "Wants to cancel",
    Answer.MAY_CANCEL: "May want to cancel",
    Answer.MOVE: "Wants another time",
    Answer.LATE: "Runs late",
    Answer.MAY_BE_LATE: "May run late",
    Answer.STOP: "May want to cancel",
}
UNCLEAR = "Unclear answer"
SPOKEN = {
    ("stop", "keyword"): "{who} wrote {word}: nothing more is sent to this {place} by {channel}.",
    ("start", "keyword"): "{who} wrote {word}: that takes back the STOP by {channel}.",
    ("stop", "carrier"): "The carrier says that {who} wrote STOP: nothing more is sent there.",
    ("stop", "staff"): "Your team read this as a STOP: nothing more is sent to this {place} by"
    " {channel}.",
    ("stop", "complaint"): "{who} reported this email as spam: no more are sent to this address.",
    ("stop", "link"): "{who} unsubscribed: no more emails are sent to this address.",
    ("start", "chat"): "{who} left this {place} in the live chat, to be answered there.",
    ("start", "link"): "{who} subscribed again: emails are sent to this address.",
}


class Asked(Protocol):
    """An answer to a reminder: its row, or what a list shows of it."""

    @property
    def answer(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def starts_at(self) -> datetime | None: ...


def waits(reply: Asked, there: BusinessTime) -> str:
    """What waits for a person, with the start that was asked about: in the tenant's local time."""
    done = reply.outcome in BECAME
    said = "Not answered yet" if done else WAITS.get(Answer(reply.answer), UNCLEAR)
    return f"{said} · {_start(reply, there)}"


def became(reply: Asked, there: BusinessTime) -> str:
    """What came of a message; empty where nothing did."""
    if reply.outcome == Outcome.NOTHING:
        return ""
    if reply.outcome == Outcome.TO_STAFF:
        return waits(reply, there)
    return f"{BECAME[Outcome(reply.outcome)]}: {_start(reply, there)}"


def _start(reply: Asked, there: BusinessTime) -> str:
    if reply.starts_at is None:
        return "no appointment"
    return there.near(reply.starts_at, now())


def waiting(conversation: Conversation | None, moment: datetime) -> dict[str, Any]:
    """What the thread shows of what waits for a person, beside the answer itself."""
    reply = conversation.open_reply if conversation else None
    return {
        "asking": stop_asked.asking(conversation),
        "cancelling": _cancelling(reply, moment) if reply else None,
    }


@dataclass(frozen=True)
class Cancelling:
    """What the button says that cancels, and what it asks before."""

    label: str
    question: str


def _cancelling(reply: Reply, moment: datetime) -> Cancelling | None:
    """The appointment to which they may not come, if it can still be cancelled."""
    found = _to_settle(reply, moment)
    told = foretold(found, rules.CANCELLED, moment) if found else None
    if found is None or told is None:
        return None
    label = f"Cancel and tell {told.name}" if told.notice.goes else "Cancel appointment"
    question = (
        f"Cancel the appointment of {told.name}, {business_time().near(found.starts_at, moment)}?"
    )
    said = f"{told.how} {told.notice.body}".rstrip()
    return Cancelling(label, f"{question}\n\n{said}")


def _to_settle(reply: Reply, moment: datetime) -> Appointment | None:
    if reply.answer not in HEAVY or reply.appointment_id is None:
        return None
    found = db.session.get_one(Appointment, reply.appointment_id)
    if found.status in rules.OVER:
        return None
    refused = rules.refusal(found.status, rules.CANCELLED, False, found.starts_at, moment)
    return None if refused else found


def spoken(customer: Customer, messages: list[MessageRow]) -> Question[dict[int, str]]:
    """What each message that began or ended others did, by its id."""
    return opt_out.spoken(messages).then(lambda events: _each(events, customer, messages))


def _each(
    events: dict[int, opt_out.Spoken], customer: Customer, messages: list[MessageRow]
) -> dict[int, str]:
    who = pretty(customer.first_name or customer.name)
    return {each.id: _did(events[each.id], each, who) for each in messages if each.id in events}


def _did(event: opt_out.Spoken, message: MessageRow, who: str) -> str:
    word = opt_out.word(message.body) or event.said.upper()
    channel = CHANNELS[event.channel]
    told = SPOKEN[event.said, event.source]
    return told.format(who=who, word=word, channel=channel.label, place=channel.place)

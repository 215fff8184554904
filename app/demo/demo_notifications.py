"""What the demo business sends by itself: decided as for real ones, and carried at once."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message
from app.notifications.configure.change import change
from app.notifications.content.templates import KINDS, default, spoken_on
from app.notifications.decision.decide import decide
from app.notifications.dispatch import settle
from app.notifications.due_notifications import locked, next_due
from app.outbox import transitions
from app.providers.twilio.twilio_errors import explain

LANDLINE, ITS_ERROR = "+15515550109", 30006
REVIEWS = "https://reviews.example/bella-salon"


def set_up(at: datetime) -> None:
    """A place for reviews, and all texts in Spanish, too."""
    change({"types": {"review_request": {"options": {"link": REVIEWS}}}}, at)
    for kind in KINDS.values():
        db.session.add_all(default(kind, channel, "es") for channel in spoken_on(kind))
    db.session.commit()


def ask_after_visits(at: datetime) -> None:
    """From now on; what is over already asks for nothing."""
    change({"types": {"review_request": {"options": {"after_visit": True}}}}, at)


def send(until: datetime) -> None:
    """All that is due by then, each at its time."""
    while ids := next_due(until, 1):
        if row := locked(ids[0], until):
            settle([(row, decide(row, row.due_at))], row.due_at)
        db.session.flush()
        carry()
        db.session.commit()


def carry() -> None:
    """What waits in the outbox has left; no transaction is ended."""
    for message in db.session.scalars(select(Message).filter_by(status=MessageStatus.QUEUED)):
        followed = CHANNELS[message.channel].followed
        status = MessageStatus.DELIVERED if followed else MessageStatus.SENT
        facts: dict[str, Any] = {"sent_at": message.created_at}
        if message.recipient == LANDLINE:
            status = MessageStatus.FAILED
            facts = {"error_code": ITS_ERROR, "error": explain(ITS_ERROR)}
        sid = f"SM{uuid.uuid4().hex}"
        one = [Message.id == message.id]
        db.session.execute(transitions.report(one, status, provider_sid=sid, **facts))
        db.session.refresh(message)

"""By which channel a Messaging Service has carried a message: it tries RCS, and falls back to SMS
under the same SID. Whoever the report is from tells."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.channels import home
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import ContactPoint, Message
from app.outbox.compose import ledger
from app.providers.contract import StatusReport

# A telephone that has RCS is not written down anew for each message.
LATELY = timedelta(days=1)
ON_ITS_WAY = (MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ)


def note(message_id: int, report: StatusReport, now: datetime) -> bool:
    """The message shows and counts under that channel, and it is known whether the recipient has
    RCS; whether it is another channel than before. For whoever has moved the message by the report,
    in their transaction."""
    message = db.session.get_one(Message, message_id, populate_existing=True)
    ours = message.service_sid and home(report.carried_by) == home(message.channel)
    if not report.carried_by or not ours:
        return False
    was, message.channel = message.channel, report.carried_by
    if was != message.channel:
        ledger.recount(message, was)
    if report.status in ON_ITS_WAY:
        _seen(message, now)
    return was != message.channel


def fell_back(message_id: int, report: StatusReport, now: datetime) -> bool:
    """The same where the report says no more than the one before: that it was sent is said of each
    try, and in any order; the one by SMS was the later one. In the caller's transaction."""
    if not report.carried_by or report.carried_by != home(report.carried_by):
        return False
    db.session.execute(select(Message.id).where(Message.id == message_id).with_for_update())
    return note(message_id, report, now)


def _seen(message: Message, now: datetime) -> None:
    by_rcs = message.channel != home(message.channel)
    known = or_(ContactPoint.rcs_seen_at.is_(None), ContactPoint.rcs_seen_at < now - LATELY)
    changes = known if by_rcs else ContactPoint.rcs_seen_at.is_not(None)
    db.session.execute(
        update(ContactPoint)
        .where(ContactPoint.channel == home(message.channel), changes)
        .where(ContactPoint.address == message.recipient)
        .values(rcs_seen_at=now if by_rcs else None)
        .execution_options(synchronize_session=False)
    )

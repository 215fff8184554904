"""Channel failover: what was sent and did not arrive is planned once more, by another channel."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, select

from app import live, tasks
from app.channels import CHANNELS, home
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Appointment, Message, Notification, NotificationStatus
from app.notifications import transitions
from app.notifications.causes import Cause
from app.notifications.limits.recent import NOT_SAID
from app.notifications.planning.round_robin import round_robin
from app.notifications.planning.withdraw import gone
from app.notifications.settings import wanted
from app.outbox.queue.expiry import UNTRIED
from app.outbox.queue.foreign_sender import NOT_ITS_OWN

# What the channel itself is not to blame for.
NEVER_TRIED = (*UNTRIED, NOT_ITS_OWN)
# So long the carrier may take to say that it could not deliver.
NEWS_COMES_WITHIN = timedelta(days=2)
# So long a call goes on; then it is enqueued for what is left, behind what is due.
TIME_SLICE = timedelta(seconds=2)


def plan_fallbacks(now: datetime) -> int:
    """Plan once more, at once, what failed and is still of use, for a TIME_SLICE; how many were
    looked at. Enqueues what is left.

    By another channel, and once; or by the same, where quiet hours came before its turn. How it
    goes, and whether, is decided as for any that is due (decide.py). Each business in turn. The
    cost grows with what failed lately.
    """
    return round_robin(
        Notification,
        _failed(now),
        Notification.useful_until,
        lambda id_: _look_at(id_, now),
        now,
        TIME_SLICE,
        tasks.Task.DISPATCH,
    )


def _failed(now: datetime) -> ColumnElement[bool]:
    """The condition that a notification did not arrive, and can still be of use."""
    its_message = exists().where(
        Message.tenant_id == Notification.tenant_id,
        Message.id == Notification.message_id,
        Message.status == MessageStatus.FAILED,
        Message.not_after > now - NEWS_COMES_WITHIN,
    )
    sent = and_(Notification.status == NotificationStatus.SENT, Notification.cause == Cause.SENT)
    return and_(its_message, sent, Notification.useful_until > now)


def _look_at(id_: int, now: datetime) -> bool:
    lock = select(Notification).where(Notification.id == id_, _failed(now))
    row = db.session.scalar(lock.with_for_update(of=Notification, skip_locked=True))
    rows = _of_its_message(row, now) if row else []
    if row is None or not rows:
        return False
    tenant_id, customer_id = row.tenant_id, row.customer_id
    anew = [_plan_again(each, now) for each in rows]
    db.session.commit()
    if any(anew):
        tasks.enqueue(tasks.Task.PLAN)
    live.publish(tenant_id, customer_id)
    return True


def _of_its_message(row: Notification, now: datetime) -> list[Notification]:
    """All that its message told of and that can still be of use, locked: they are planned together,
    to go together once more. None where somebody else is at work on one."""
    query = select(Notification).where(Notification.message_id == row.message_id, _failed(now))
    ids = db.session.scalars(query.with_only_columns(Notification.id)).all()
    lock = query.order_by(Notification.id).with_for_update(of=Notification, skip_locked=True)
    found = list(db.session.scalars(lock))
    return found if len(found) == len(ids) else []


def tried(row: Notification) -> list[Message]:
    """The notification's messages that a channel did not deliver, the last first."""
    failed = (each for each in _messages(row) if each.status is MessageStatus.FAILED)
    return [message for message in failed if message.error not in NEVER_TRIED]


def arrived(row: Notification) -> Message | None:
    """Its message that neither failed nor was taken back, if there is one."""
    return next((each for each in _messages(row) if each.status not in NOT_SAID), None)


def _messages(row: Notification) -> Iterator[Message]:
    """All of them, from the last one on."""
    id_ = row.message_id
    while id_ and (message := db.session.get(Message, id_)):
        yield message
        id_ = message.again_of_id


def _plan_again(row: Notification, now: datetime) -> bool:
    """Whether its appointment is to be planned anew."""
    if message := arrived(row):
        row.message_id, row.channel = message.id, home(message.channel)
        return False
    undelivered = tried(row)
    last = db.session.get_one(Message, row.message_id)
    if last.error not in UNTRIED and (len(undelivered) > 1 or not wanted()[row.type].falls_back):
        row.cause = Cause.UNDELIVERED
        row.reason = f"{CHANNELS[last.channel].label} did not deliver it: {last.error}"
        return False
    transitions.fall_back(row, now)
    return _anew(row)


def _anew(row: Notification) -> bool:
    """Where it no longer holds it has told nobody anything, so that what does may be planned.

    Nobody waits for the appointment here: whoever has it plans it, and waits for this row.
    """
    query = select(Appointment).where(Appointment.id == row.appointment_id)
    lock = query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    appointment = db.session.scalar(lock)
    if appointment and gone(row, appointment):
        appointment.planned_for = None
        return True
    return False

"""What was sent and did not arrive is planned once more, to go by another channel."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, select

from app import live, tasks
from app.channels import CHANNELS
from app.extensions import db
from app.lib import stopping
from app.lib.fault import place
from app.lib.status import MessageStatus
from app.models import Appointment, Message, Notification, NotificationStatus
from app.notifications.causes import Cause
from app.notifications.recent import NOT_SAID
from app.notifications.settings import wanted
from app.notifications.withdraw import gone
from app.outbox.late import TOO_LATE
from app.tenancy import tenant_scope, unscoped

# So long the carrier may take to say that it could not deliver (app/outbox/look_up.py asks on).
NEWS_COMES_WITHIN = timedelta(days=2)

log = structlog.get_logger()


def again(now: datetime) -> int:
    """Plan once more, at once, what failed and is still of use; how many were looked at.

    By another channel, and once; or by the same, where quiet hours came before its turn. How it
    goes, and whether, is decided as for any that is due (decide.py). The cost grows with what
    failed lately. One over which our code breaks stands alone, until the next call.
    """
    looked_at, broken = 0, set[int]()
    while not stopping.asked() and (found := _next(now, broken)):
        tenant_id, id_ = found
        try:
            with tenant_scope(tenant_id):
                row = db.session.get_one(Notification, id_)
                customer_id = row.customer_id
                anew = _plan_again(row, now)
                db.session.commit()
            if anew:
                tasks.ring(tasks.Task.PLAN)
            live.publish(tenant_id, customer_id)
            looked_at += 1
        except Exception as error:
            log.error("not_planned_again", notification=id_, fault=place(error))
            db.session.rollback()
            broken.add(id_)
    db.session.rollback()
    return looked_at


def tried(row: Notification) -> list[Message]:
    """The notification's messages that a channel did not deliver, the last first."""
    failed = (each for each in _messages(row) if each.status is MessageStatus.FAILED)
    return [message for message in failed if message.error != TOO_LATE]


def arrived(row: Notification) -> Message | None:
    """Its message that neither failed nor was taken back, if there is one."""
    return next((each for each in _messages(row) if each.status not in NOT_SAID), None)


def _messages(row: Notification) -> Iterator[Message]:
    """All of them, from the last one on."""
    id_ = row.message_id
    while id_ and (message := db.session.get(Message, id_)):
        yield message
        id_ = message.again_of_id


def _next(now: datetime, broken: set[int]) -> tuple[int, int] | None:
    """The tenant and the id of one, locked until the transaction ends."""
    its_message = and_(
        Message.tenant_id == Notification.tenant_id, Message.id == Notification.message_id
    )
    query = (
        select(Notification.tenant_id, Notification.id)
        .join(Message, its_message)
        .where(Message.status == MessageStatus.FAILED)
        .where(Message.not_after > now - NEWS_COMES_WITHIN)
        .where(Notification.status == NotificationStatus.SENT, Notification.cause == Cause.SENT)
        .where(Notification.useful_until > now, Notification.id.not_in(broken))
        .order_by(Message.not_after)
        .limit(1)
        .with_for_update(of=Notification, skip_locked=True)
    )
    with unscoped("the dispatcher serves all tenants"):
        found = db.session.execute(query).one_or_none()
    return (found.tenant_id, found.id) if found else None


def _plan_again(row: Notification, now: datetime) -> bool:
    """Whether its appointment is to be planned anew."""
    db.session.refresh(row)
    if message := arrived(row):
        row.message_id, row.channel = message.id, message.channel
        return False
    undelivered = tried(row)
    last = db.session.get_one(Message, row.message_id)
    if last.error != TOO_LATE and (len(undelivered) > 1 or not wanted()[row.type].falls_back):
        row.cause = Cause.UNDELIVERED
        row.reason = f"{CHANNELS[last.channel].label} did not deliver it: {last.error}"
        return False
    row.status, row.cause, row.reason = NotificationStatus.PLANNED, "", ""
    row.due_at, row.decided_at = now, None
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

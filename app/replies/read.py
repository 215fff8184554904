"""Reads what customers answered to reminders, or wrote about the time of an appointment: each
message once, in a transaction of its own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Row, and_, exists, or_, select

from app import live, tasks
from app.extensions import db
from app.inbox.marks import lapse
from app.lib import shutdown
from app.lib.fault import place
from app.models import Appointment, ButtonTap, Customer, Direction, Message, Notification, Reply
from app.replies.act_on_reply import settle
from app.replies.asked import around, asking
from app.tenancy import tenant_scope, unscoped

# What nobody read for so long, staff have answered by themselves.
LOOK_BACK = timedelta(days=1)
# As many at a time as keep others on the queue waiting for a second or two.
MOST = 200

log = structlog.get_logger()


def read_replies(now: datetime) -> int:
    """Read what came after a reminder, or about the time of an appointment, and was not read yet,
    in its order, or as much of it as MOST allows; how many messages. What waits for a person about
    an appointment whose time is over waits no more.

    The cost grows with what customers wrote within LOOK_BACK. One over which our code breaks
    stands alone, until the next call. What else a customer wrote whom somebody else works on waits
    for it, too, so that it is read in its order.
    """
    lapse(now)
    read, tried, busy = 0, set[int](), set[int]()
    while read < MOST and (found := _unread(now, tried, busy)):
        for message in found:
            if shutdown.requested():
                return read
            tried.add(message.id)
            read += message.customer_id not in busy and _read(message, now, busy)
    return read


def _unread(now: datetime, tried: set[int], busy: set[int]) -> Sequence[Row[int, int, int]]:
    """The ids of some messages, of their tenants and their customers, the eldest first."""
    query = (
        select(Message.id, Message.tenant_id, Message.customer_id)
        .where(Message.direction == Direction.INBOUND, Message.created_at > now - LOOK_BACK)
        .where(to_be_read(), Message.id.not_in(tried), Message.customer_id.not_in(busy))
        .order_by(Message.created_at, Message.id)
        .limit(MOST)
    )
    with unscoped("one reader serves all tenants"):
        found = db.session.execute(query).all()
        db.session.rollback()
    return found


def to_be_read() -> ColumnElement[bool]:
    """The condition that a message came after a reminder, or about the time of an appointment, or
    is a tap on a button, and was not read yet."""
    question = exists().where(
        Notification.tenant_id == Message.tenant_id,
        Notification.customer_id == Message.customer_id,
        *asking(Message.created_at),
    )
    expected = exists().where(
        Appointment.tenant_id == Message.tenant_id,
        Appointment.customer_id == Message.customer_id,
        *around(Message.created_at),
    )
    tapped = exists().where(
        ButtonTap.tenant_id == Message.tenant_id, ButtonTap.message_id == Message.id
    )
    read = exists().where(Reply.tenant_id == Message.tenant_id, Reply.message_id == Message.id)
    return and_(~read, or_(question, expected, tapped))


def _read(message: Row[int, int, int], now: datetime, busy: set[int]) -> bool:
    with tenant_scope(message.tenant_id):
        try:
            taken = take(message.id, now)
            db.session.commit()
        except Exception as error:
            log.error("reply_not_read", message=message.id, fault=place(error))
            db.session.rollback()
            return False
    if taken is None:
        busy.add(message.customer_id)
        return False
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    tasks.enqueue(tasks.Task.JUDGE)
    live.publish(message.tenant_id, message.customer_id)
    live.publish(message.tenant_id, live.APPOINTMENTS)
    return True


def take(id_: int, now: datetime) -> int | None:
    """Settle the message of the tenant in scope; the customer, or None where somebody else reads
    what they wrote. The caller commits, and enqueues."""
    message = db.session.get(Message, id_)
    if message is None or not alone_with(message.customer_id):
        return None
    # Only now, with the lock held, it is known what others have read.
    if db.session.scalar(select(Reply.id).where(Reply.message_id == id_)):
        return None
    settle(message, now)
    return message.customer_id


def alone_with(customer_id: int) -> bool:
    """Whether this transaction has the customer to itself; others may go on writing to them."""
    query = select(Customer.id).where(Customer.id == customer_id)
    locked = query.with_for_update(key_share=True, skip_locked=True)
    return db.session.scalar(locked) is not None

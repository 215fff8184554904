"""A customer with all that hangs on them, in one hand."""

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Appointment, Conversation, Customer, Message, Notification

MOVING = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.CHECKING)
# Together half a deadlock's second, after which PostgreSQL would end one of the two.
PATIENCE = "25ms"
TRIES = 20


def lock_customer(customer_id: int) -> None:
    """Lock what others may be working on, until the transaction ends.

    They lock it in orders of their own: a webhook the conversation before the customer, staff the
    customer before the conversation, a command the appointment first. So it is all or nothing:
    whatever is not free soon, everything is let go again. Raises OperationalError where that is
    in vain.
    """
    for _ in range(TRIES - 1):
        try:
            return _lock_all(customer_id)
        except OperationalError as error:
            if error.connection_invalidated:
                raise
    return _lock_all(customer_id)


def _lock_all(customer_id: int) -> None:
    with db.session.begin_nested():
        # Whoever holds nothing else may wait for this one.
        _lock(Customer.id, Customer.id == customer_id)
        before = db.session.scalar(select(func.current_setting("lock_timeout")))
        _wait_at_most(PATIENCE)
        _lock(Conversation.id, Conversation.customer_id == customer_id)
        comes = Appointment.attendee_id == customer_id
        _lock(Appointment.id, or_(Appointment.customer_id == customer_id, comes))
        _lock(Notification.id, Notification.customer_id == customer_id)
        _lock(Message.id, Message.customer_id == customer_id, Message.status.in_(MOVING))
        _wait_at_most(before or "0")


def _lock(id_: InstrumentedAttribute[int], *of: ColumnElement[bool]) -> None:
    db.session.execute(select(id_).where(*of).order_by(id_).with_for_update())


def _wait_at_most(time: str) -> None:
    db.session.execute(select(func.set_config("lock_timeout", time, True)))

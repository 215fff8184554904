"""Messages that did not arrive, or perhaps not, as long as staff have not dealt with them.

Whether a conversation has one stands in its row (Conversation.failed).
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, select, update

from app.extensions import db
from app.models import Message
from app.prepared import Prepared, Question, first, given


class Lost(NamedTuple):
    id: int
    customer_id: int
    status: str
    created_at: datetime


_LAST = Prepared(
    Lost,
    select(Message.id, Message.customer_id, Message.status, Message.created_at)
    .where(Message.customer_id == given("customer_id", Integer()), Message.not_arrived())
    .order_by(Message.id.desc())
    .limit(1),
)


def last(customer_id: int) -> Lost | None:
    """The customer's last one."""
    return asked_last(customer_id).answer


def asked_last(customer_id: int) -> Question[Lost | None]:
    return _LAST.question(first, customer_id=customer_id)


def dismiss(up_to: Message) -> bool:
    """The customer's messages up to that one need nobody any more; whether one did. Commits."""
    dismissed = (
        update(Message)
        .where(Message.customer_id == up_to.customer_id, Message.id <= up_to.id)
        .where(Message.not_arrived())
        .values(dealt_with=True)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    ids = db.session.scalars(dismissed).all()
    db.session.commit()
    return bool(ids)

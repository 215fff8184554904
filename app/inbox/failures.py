"""Messages that did not arrive, or perhaps not, as long as staff have not dealt with them.

Whether a conversation has one stands in its row (Conversation.failed).
"""

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message


def among(customer_ids: Iterable[int]) -> dict[int, MessageStatus]:
    """Those of the customers to whom one did not arrive, with the state of the last one."""
    if not (ids := list(customer_ids)):
        return {}
    query = (
        select(Message.customer_id, Message.status)
        .where(Message.customer_id.in_(ids), Message.not_arrived())
        .ext(distinct_on(Message.customer_id))
        .order_by(Message.customer_id, Message.id.desc())
    )
    return dict(db.session.execute(query).all())


def last(customer_id: int) -> Message | None:
    """The customer's last one."""
    query = select(Message).where(Message.customer_id == customer_id, Message.not_arrived())
    return db.session.scalar(query.order_by(Message.id.desc()).limit(1))


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

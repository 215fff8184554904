"""Messages that did not arrive, or perhaps not, as long as staff have not dealt with them.

Whether a conversation has one stands in its row (Conversation.failed).
"""

from sqlalchemy import select, update

from app.extensions import db
from app.models import Message


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

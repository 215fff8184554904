"""The customer whose thread is opened, with their conversation, as rows of the session: all that is
shown of them, by one statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, select
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.models import ContactPoint, Conversation, Customer, Reply, User
from app.prepared import Prepared, Question, given
from app.rows.whole_rows import WholeRow, shared_out

_PARTS = (
    _CUSTOMER := WholeRow(Customer),
    _CONVERSATION := WholeRow(Conversation),
    _CONTACT := WholeRow(ContactPoint),
    _REPLY := WholeRow(Reply),
    _ASSIGNEE := WholeRow(User),
)


Opened = tuple[Customer, Conversation | None]


def opened(customer_id: int) -> Question[Opened | None]:
    """The customer and the conversation, where there are any."""
    return _OPENED.question(_together, customer_id=customer_id)


def _together(found: Sequence[Any]) -> Opened | None:
    """Of a row for each of the customer's addresses."""
    if not found:
        return None
    session, (of_customer, of_conversation, _, reply, assignee) = db.session(), found[0]
    customer: Any = _CUSTOMER.row(session, of_customer)
    conversation = _CONVERSATION.row(session, of_conversation)
    addresses = [_CONTACT.row(session, each[2]) for each in found]
    set_committed_value(customer, "contact_points", [each for each in addresses if each])
    if conversation:
        set_committed_value(conversation, "open_reply", _REPLY.row(session, reply))
        set_committed_value(conversation, "assignee", _ASSIGNEE.row(session, assignee))
    return customer, conversation


_OPENED = Prepared(
    lambda *values: shared_out(values, *_PARTS),
    select(*(column for part in _PARTS for column in part.columns))
    .select_from(Customer)
    .outerjoin(Conversation, Conversation.customer_id == Customer.id)
    .outerjoin(ContactPoint, ContactPoint.customer_id == Customer.id)
    .outerjoin(Reply, Reply.id == Conversation.open_reply_id)
    .outerjoin(User, User.id == Conversation.assignee_id)
    .where(Customer.id == given("customer_id", Integer()))
    .order_by(ContactPoint.id),
)

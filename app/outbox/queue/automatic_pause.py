"""What goes out by itself waits while its business has paused, while a person has to decide whether
the customer wants it, and while something that they wrote meanwhile is not read."""

from functools import cache

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.models import Direction, Message, Reply, Tenant
from app.outbox.queue.stop_asked import waits

# The token of an answer to what a customer wrote begins so; their message's id follows.
OURS = "reply-"
# The token of a rule's text begins so; the run's id follows.
BY_RULE = "rule:"


@cache
def held() -> ColumnElement[bool]:
    """The condition that a message went there by itself, and waits for one of these."""
    paused = exists().where(Tenant.id == Message.tenant_id, Tenant.paused_at.is_not(None))
    # What goes out by itself has an end to its use.
    return and_(Message.not_after.is_not(None), or_(paused, waits(Message), _unread()))


def _unread() -> ColumnElement[bool]:
    """It answers something, and the customer has written more, which is not read yet."""
    heard, later = aliased(Message), aliased(Message)
    id_ = func.substr(Message.client_token, len(OURS) + 1)
    answered = case((Message.client_token.startswith(OURS), cast(id_, BigInteger)))
    its = select(heard.created_at).where(heard.tenant_id == Message.tenant_id, heard.id == answered)
    read = exists().where(Reply.tenant_id == later.tenant_id, Reply.message_id == later.id)
    return exists().where(
        later.tenant_id == Message.tenant_id,
        later.customer_id == Message.customer_id,
        later.id > answered,
        # What was written before, and recovered late, is perhaps never read.
        later.created_at >= its.correlate(Message).scalar_subquery(),
        later.direction == Direction.INBOUND,
        ~read,
    )

"""A message that nobody wrote by hand becomes a row of the outbox, in the caller's transaction."""

from datetime import datetime

from app.lib.status import MessageStatus
from app.models import Customer, Direction, Message
from app.outbox.ledger import enter
from app.outbox.template import Filled
from app.outbox.way import Way


def hand_over(
    customer: Customer,
    way: Way,
    body: str,
    now: datetime,
    not_after: datetime,
    token: str,
    template: Filled | None = None,
    again_of: int | None = None,
) -> Message:
    """Enter the message, to leave at once and never from not_after on; the caller commits, and
    rings. The token is the key by which the same message cannot be entered twice; again_of the
    failed message in whose place it goes."""
    message = Message(
        customer_id=customer.id,
        channel=way.channel.key,
        direction=Direction.OUTBOUND,
        status=MessageStatus.QUEUED,
        body=template.text if template else body,
        content_sid=template.content_sid if template else None,
        content_variables=template.variables if template else None,
        sender=way.sender,
        recipient=way.recipient,
        fell_back_from=way.fell_back_from,
        created_at=now,
        send_after=now,
        not_after=not_after,
        client_token=token,
        again_of_id=again_of,
    )
    enter(message)
    return message

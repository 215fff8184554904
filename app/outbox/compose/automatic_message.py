"""A message that nobody wrote by hand becomes a row of the outbox, in the caller's transaction."""

import uuid
from datetime import datetime

from app.models import Customer, Message
from app.outbox import transitions
from app.outbox.compose import unsubscribe
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import DeliveryRoute
from app.outbox.compose.ledger import enter
from app.tenancy import current_tenant_id


def hand_over(
    customer: Customer,
    route: DeliveryRoute,
    content: Content,
    now: datetime,
    not_after: datetime,
    token: str,
    again_of: int | None = None,
) -> Message:
    """Enter the message, to leave at once and never from not_after on; the caller commits, and
    rings. The token is the key by which the same message cannot be entered twice; again_of the
    failed message in whose place it goes."""
    public_id = uuid.uuid4()
    if content.html is not None:
        link = unsubscribe.url(current_tenant_id(), route.channel.key, route.recipient, public_id)
        content = unsubscribe.offered(content, link)
    message = transitions.queue(
        public_id=public_id,
        customer_id=customer.id,
        channel=route.channel.key,
        **content.columns(),
        sender=route.sender,
        recipient=route.recipient,
        fell_back_from=route.fell_back_from,
        created_at=now,
        send_after=now,
        not_after=not_after,
        client_token=token,
        again_of_id=again_of,
    )
    enter(message)
    return message

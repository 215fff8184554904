"""Transactional outbox: a message that nobody wrote becomes a row, in the caller's transaction."""

import uuid
from dataclasses import replace
from datetime import datetime

from app.models import Customer, Message
from app.outbox import transitions
from app.outbox.compose import email_loop, unsubscribe
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import DeliveryRoute
from app.outbox.compose.email_footer import as_answer
from app.outbox.compose.ledger import enter
from app.tenancy import current_tenant_id


def hand_over(
    customer: Customer,
    route: DeliveryRoute,
    content: Content,
    now: datetime,
    not_after: datetime,
    token: str,
    answers: Message | None = None,
) -> Message:
    """Enter the message, to leave at once and never from not_after on; the caller commits, and
    enqueues. The token is the key by which the same message cannot be entered twice; answers what
    the customer wrote, if it answers that.

    An answer to an email goes under its subject, and no more of them than a person would need.
    Raises AnsweredLately or Loop (email_loop.py).
    """
    by_email = answers is not None and route.channel.has_subject
    if answers and by_email:
        email_loop.check(answers, route.recipient, now)
        content = replace(content, subject=as_answer(answers.subject or "") or content.subject)
    message = composed(customer, route, content, now, not_after, token)
    enter(message)
    if answers and by_email:
        email_loop.remember(message, answers)
    return message


def composed(
    customer: Customer,
    route: DeliveryRoute,
    content: Content,
    now: datetime,
    not_after: datetime,
    token: str,
    again_of: int | None = None,
) -> Message:
    """The same message, still to be entered (ledger.py); again_of is the failed one in whose place
    it goes."""
    public_id = uuid.uuid4()
    if content.html is not None:
        link = unsubscribe.url(current_tenant_id(), route.channel.key, route.recipient, public_id)
        content = unsubscribe.offered(content, link)
    return transitions.queue(
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

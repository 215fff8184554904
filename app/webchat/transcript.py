"""What was said in a chat, emailed to the customer: to an address on file alone, as whoever could
type one could have anything sent to anybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from app import live, tasks
from app.channels import CHANNELS
from app.extensions import db
from app.lib.mail.display_name import display_name
from app.lib.time.business_time import BusinessTime
from app.models import ChatSession, Customer, Message, Tenant
from app.outbox.compose.automatic_message import hand_over
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import route
from app.outbox.refused import Refused
from app.tenancy import current_tenant_id
from app.webchat.visitor_feed import LEFT
from app.webchat.visitor_message import CHANNEL

MOST = 200
EVERY, MOST_AN_HOUR = timedelta(hours=1), 5
# A mail server that is away so long brings it too late.
USEFUL = timedelta(days=1)
TOKEN = "transcript-"  # noqa: S105
SUBJECT = "Your chat with {business}"
TOO_MANY = f"{MOST_AN_HOUR} transcripts went to them within an hour. Send the next one later."
NOTHING = "Nothing was said in the chat yet."
AGAIN = "It was sent already, and nothing has been said in the chat since."


def send(customer: Customer, session: ChatSession, there: BusinessTime, now: datetime) -> Message:
    """Put it into the outbox, committed: once for what was said so far. As a program's email it
    says so (Auto-Submitted), and an answer comes back to the conversation. Raises Refused."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    path = route(customer, tenant, CHANNELS["email"])
    said = _said(customer.id, session)
    if not said:
        raise Refused(NOTHING)
    if _lately(customer.id, now - EVERY) >= MOST_AN_HOUR:
        raise Refused(TOO_MANY)
    # Nothing that a visitor wrote stands in the subject.
    subject = SUBJECT.format(business=display_name(tenant.name) or tenant.slug)
    content = Content("\n\n".join(_line(each, tenant, there) for each in said), subject)
    token = f"{TOKEN}{said[-1].id}"
    try:
        message = hand_over(customer, path, content, now, now + USEFUL, token)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        raise Refused(AGAIN) from None
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    live.publish(message.tenant_id, customer.id)
    return message


def _said(customer_id: int, session: ChatSession) -> Sequence[Message]:
    """In this chat alone, as its visitor has seen it: the latest MOST, in their order."""
    ours = Message.recipient == session.address, Message.status.in_(LEFT)
    query = (
        select(Message)
        .where(Message.customer_id == customer_id, Message.channel == CHANNEL.key)
        .where(or_(Message.sender == session.address, ours[0] & ours[1]))
        .order_by(Message.id.desc())
        .limit(MOST)
    )
    return db.session.scalars(query).all()[::-1]


def _lately(customer_id: int, since: datetime) -> int:
    count = select(func.count()).select_from(Message).where(Message.customer_id == customer_id)
    sent = Message.client_token.startswith(TOKEN), Message.created_at > since
    return db.session.scalar(count.where(*sent)) or 0


def _line(message: Message, tenant: Tenant, there: BusinessTime) -> str:
    who = "You" if message.inbound else tenant.name
    text = message.body or "A file"
    # Mail programs make links of what looks like one: a visitor's could lead anywhere.
    shown = text.replace("://", ": //") if message.inbound else text
    return f"{there.exact(message.created_at, message.created_at)}, {who}:\n{shown}"

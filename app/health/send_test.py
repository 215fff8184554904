"""A text to a telephone of one's own, to see that it arrives, and that an answer comes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app import live, tasks
from app.channels import CHANNELS, home
from app.customers.add import by_phone, newcomer
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.telephone.phone import e164, variants
from app.lib.text.cleaning import one_line
from app.lib.text.homoglyphs import plain
from app.models import Direction, Message, SelfTest, Tenant
from app.outbox import transitions
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import route
from app.outbox.compose.ledger import enter
from app.outbox.refused import Refused
from app.tenant_lock import lock_tenant

CHANNEL = CHANNELS["sms"]
# An answer may come by what the channel is carried by.
COME_BACK_BY = [key for key in CHANNELS if home(key) == CHANNEL.key]
EVERY, MOST_A_DAY, DAY = timedelta(minutes=1), 20, timedelta(days=1)
# So long a page waits for an answer by itself.
PATIENCE = timedelta(minutes=10)
SHOWN = 3
ON_THE_TELEPHONE = frozenset({MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ})
NAME = "Test telephone"
TEXT = (
    "This is a test by {business}. Answer with any word, so that we see that texts come back, too."
)
TOO_SOON = "A test was sent a moment ago. Wait a minute before the next one."
TOO_MANY = f"{MOST_A_DAY} tests were sent within a day, which is the most. Try again tomorrow."
ITSELF = "This is the number that your business writes from. Give that of a telephone of your own."


@dataclass(frozen=True)
class Sent:
    """A test, and what came of it."""

    message: Message
    came_back: datetime | None
    """When somebody answered from that telephone."""

    @property
    def arrives(self) -> bool:
        """Whether the telephone has it, or soon will."""
        return self.message.status in ON_THE_TELEPHONE

    def waits(self, now: datetime) -> bool:
        """Whether more may come of it soon."""
        return self.came_back is None and now - self.message.created_at < PATIENCE


def send(phone: str, author_id: int, now: datetime) -> Message:
    """Put a test into the outbox, committed; it leaves like every other message, and never to
    somebody who said STOP. Raises BadNumber for what is no number, and Refused."""
    tenant = lock_tenant()
    refuse_too_many(now)
    number = e164(phone, tenant.country)
    if tenant.sms_from in variants(number):
        raise Refused(ITSELF)
    customer = by_phone(number) or newcomer(number, NAME)
    db.session.add(customer)
    db.session.flush()
    path = route(customer, tenant, CHANNEL)
    message = transitions.queue(
        customer_id=customer.id,
        channel=path.channel.key,
        **Content(_text(tenant)).columns(),
        sender=path.sender,
        recipient=path.recipient,
        created_at=now,
        send_after=now,
        author_id=author_id,
    )
    enter(message)
    db.session.add(SelfTest(message_id=message.id))
    db.session.commit()
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    live.publish(message.tenant_id, customer.id)
    return message


def refuse_too_many(now: datetime) -> None:
    query = (
        select(func.count(), func.max(Message.created_at))
        .join(SelfTest, SelfTest.message_id == Message.id)
        .where(Message.created_at > now - DAY)
    )
    count, last = db.session.execute(query).one()
    if last and last > now - EVERY:
        raise Refused(TOO_SOON)
    if count >= MOST_A_DAY:
        raise Refused(TOO_MANY)


def _text(tenant: Tenant) -> str:
    text = TEXT.format(business=one_line(tenant.name)[:60])
    return plain(text) if tenant.plain_characters else text


def latest(now: datetime) -> list[Sent]:
    """The tests of the last day, the newest first."""
    answer = aliased(Message)
    came_back = (
        select(func.min(answer.created_at))
        .where(answer.customer_id == Message.customer_id, answer.channel.in_(COME_BACK_BY))
        .where(answer.direction == Direction.INBOUND, answer.id > Message.id)
        .correlate(Message)
        .scalar_subquery()
    )
    query = (
        select(Message, came_back)
        .join(SelfTest, SelfTest.message_id == Message.id)
        .where(Message.created_at > now - DAY)
        .order_by(Message.id.desc())
        .limit(SHOWN)
    )
    return [Sent(message, at) for message, at in db.session.execute(query)]

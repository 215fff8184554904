"""What is written by hand: said again through the code that real messages take."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from sqlalchemy import select, update

from app.channels import CHANNELS
from app.demo import demo_notifications
from app.demo.demo_accounts import SENDERS
from app.demo.demo_customers import PEOPLE, Person
from app.demo.demo_days import Days, Event
from app.extensions import db
from app.inbound import receive
from app.inbound.routing import Route
from app.inbox.thread import mark_read
from app.lib.message_status import MessageStatus
from app.models import ContactPoint, Conversation, Message, Tenant, User
from app.outbox import transitions
from app.outbox.compose.ledger import enter
from app.providers.contract import Received
from app.replies import read
from app.replies.asked import asked

STATUSES = {"✓": MessageStatus.DELIVERED, "✓✓": MessageStatus.READ}


def events(tenant: Tenant, days: Days) -> Iterator[Event]:
    route = Route(tenant.id, tenant.slug, tenant.country, tenant.timezone, None)
    author_id = db.session.scalar(select(User.id).where(User.role == "staff"))
    for person in PEOPLE:
        for line in person.lines.strip().splitlines():
            when, who, words = line.strip().split(" ", 2)
            at, text = days.when(when), days.named(words)
            if who == "←":
                yield Event(at, partial(_hear, route, person, text, at))
            else:
                sender = SENDERS.get(person.channel, tenant.sms_from)
                said = partial(_say, sender, person, text, STATUSES[who], author_id, at)
                yield Event(at, said)


def read_all_but_unread() -> None:
    unread = [person.number for person in PEOPLE if person.unread]
    waiting = select(ContactPoint.customer_id).where(ContactPoint.address.in_(unread))
    db.session.execute(
        update(Conversation)
        .where(Conversation.customer_id.not_in(waiting))
        .values(unread_count=0)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def customer_id(number: str) -> int:
    query = select(ContactPoint.customer_id).where(ContactPoint.address == number)
    return db.session.scalars(query.limit(1)).one()


def _hear(route: Route, person: Person, text: str, at: datetime) -> None:
    sid = f"SM{uuid.uuid4().hex}"
    to = SENDERS.get(person.channel, "+14155550100")
    message = Received(sid, person.number, (), to, person.name, text, ())
    receive.receive(route, CHANNELS[person.channel], message, at)
    heard = db.session.scalars(select(Message).where(Message.provider_sid == sid)).one()
    if asked(heard):
        read.take(heard.id, at)
        demo_notifications.carry()
    db.session.commit()


def _say(
    sender: str | None,
    person: Person,
    text: str,
    status: MessageStatus,
    author_id: int | None,
    at: datetime,
) -> None:
    message = transitions.queue(
        customer_id=customer_id(person.number),
        channel=person.channel,
        body=text,
        sender=sender,
        recipient=person.number,
        created_at=at,
        sent_at=at,
        provider_sid=f"SM{uuid.uuid4().hex}",
        author_id=author_id,
    )
    enter(message, by_hand=True)
    db.session.execute(transitions.report([Message.id == message.id], status))
    db.session.commit()
    mark_read(message.customer_id, message.id)

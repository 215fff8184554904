"""What a draft would do: how many it reaches, who is left out, what some of them would read, and
what it costs. And the same to oneself."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app import live, tasks
from app.broadcasts.audience import Cause, reach
from app.broadcasts.offer_text import content
from app.channels import CHANNELS
from app.customers import contact
from app.customers.add import by_address, by_phone, newcomer
from app.extensions import db
from app.health.send_test import ITSELF, NAME, refuse_too_many
from app.lib.telephone.phone import e164, variants
from app.lib.text.segments import count
from app.models import Broadcast, ContactPoint, Customer, CustomerSegment, Message, SelfTest, Tenant
from app.notifications.content.cost import price
from app.notifications.content.liquid import BadTemplate
from app.outbox import transitions as messages
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import route_to
from app.outbox.compose.ledger import enter
from app.outbox.refused import Refused
from app.tenancy import current_tenant_id
from app.tenant_lock import lock_tenant

SAMPLES, MEASURED = 3, 30


class Sample(NamedTuple):
    customer: Customer
    subject: str
    text: str
    segments: int
    """0 where the channel does not bill by segment."""
    trouble: str
    """Why it could not be written for them."""


class Rehearsal(NamedTuple):
    causes: Mapping[str, int] | None
    """How many are in each case; None: it takes too long to tell."""
    samples: list[Sample]
    segments: int
    """Of all its messages, about; 0 where the channel does not bill by segment."""
    price: str
    """Likewise; empty where nobody has said what a segment costs."""

    @property
    def reached(self) -> int:
        return (self.causes or {}).get(Cause.SENT, 0)

    @property
    def left_out(self) -> dict[str, int]:
        return {cause: n for cause, n in (self.causes or {}).items() if cause != Cause.SENT}


def rehearse(broadcast_id: int, now: datetime) -> Rehearsal | None:
    """None where no segment is chosen. Ends the transaction."""
    broadcast = db.session.get_one(Broadcast, broadcast_id)
    segment = broadcast.segment_id and db.session.get(CustomerSegment, broadcast.segment_id)
    if not segment:
        return None
    found = reach(broadcast, dict(segment.filters), now, MEASURED)
    if found is None:
        return Rehearsal(None, [], 0, "")
    broadcast = db.session.get_one(Broadcast, broadcast_id)
    tenant = db.session.get_one(Tenant, current_tenant_id())
    each = [_sample(broadcast, customer, tenant) for customer in _customers(found.first)]
    whole = _segments(each, found.causes.get(Cause.SENT, 0))
    return Rehearsal(found.causes, each[:SAMPLES], whole, price(whole, tenant) if whole else "")


def _customers(ids: list[int]) -> list[Customer]:
    query = select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id)
    return list(db.session.scalars(query))


def _sample(broadcast: Broadcast, customer: Customer, tenant: Tenant) -> Sample:
    try:
        said = content(broadcast, customer, tenant)
    except (BadTemplate, Refused) as trouble:
        return Sample(customer, "", "", 0, str(trouble))
    billed = CHANNELS[broadcast.channel].billed_by_segment
    return Sample(customer, said.subject, said.body, count(said.body).count if billed else 0, "")


def _segments(each: list[Sample], reached: int) -> int:
    """Of all, as of those that were measured."""
    measured = [sample.segments for sample in each]
    return round(sum(measured) * reached / len(measured)) if measured else 0


def send_to_oneself(broadcast: Broadcast, typed: str, author_id: int, now: datetime) -> Message:
    """Put it into the outbox for a number or an address of one's own, as whoever has it would read
    it; committed. It leaves like every other message, and never to somebody who said STOP. Raises
    Refused, BadTemplate, BadNumber and BadAddress."""
    tenant = lock_tenant()
    refuse_too_many(now)
    channel = CHANNELS[broadcast.channel]
    address, customer = _oneself(typed, broadcast.channel, tenant)
    route, said = route_to(address, tenant, channel), content(broadcast, customer, tenant)
    message = messages.queue(
        customer_id=customer.id,
        channel=channel.key,
        **Content(said.body, said.subject, said.html, said.template).columns(),
        sender=route.sender,
        recipient=route.recipient,
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


def _oneself(typed: str, channel: str, tenant: Tenant) -> tuple[str, Customer]:
    if channel == "email":
        address = contact.normal("email", typed.strip(), tenant.country)
        customer = by_address("email", address) or _by_email(address)
    else:
        address = e164(typed, tenant.country)
        if tenant.sms_from in variants(address):
            raise Refused(ITSELF)
        customer = by_phone(address) or newcomer(address, NAME)
    db.session.add(customer)
    db.session.flush()
    return address, customer


def _by_email(address: str) -> Customer:
    customer = Customer(first_name="Test", last_name="mailbox")
    customer.contact_points.append(ContactPoint(channel="email", address=address))
    return customer

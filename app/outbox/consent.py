"""Whom nothing may be sent to, and how that became known."""

from collections.abc import Iterable
from datetime import datetime
from itertools import product

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from app.channels import CHANNELS
from app.extensions import db
from app.lib.asked import answer, asked
from app.lib.status import MessageStatus
from app.models import ConsentEvent, Customer, Message, OptOut
from app.tenancy import current_tenant_id, unscoped

STOPPED = (
    "This person replied STOP. You cannot write to them here until they text START to your number."
)


def opted_out(channel: str, address: str) -> bool:
    """Whether the person said that they want no messages at this address."""
    query = select(OptOut.since).where(OptOut.channel == channel, OptOut.address == address)
    return asked(("stopped", channel, address), lambda: db.session.scalar(query) is not None)


def ask_ahead(customers: Iterable[Customer]) -> None:
    """So that `opted_out` is known of all of them at once."""
    addresses = {point.address for customer in customers for point in customer.contact_points}
    stopped = _stopped(addresses)
    for place in product(CHANNELS, addresses):
        answer(("stopped", *place), place in stopped)


def opted_out_addresses(customer: Customer) -> set[tuple[str, str]]:
    """(channel, address) of the customer to which nothing may be sent."""
    return _stopped(point.address for point in customer.contact_points)


def _stopped(addresses: Iterable[str]) -> set[tuple[str, str]]:
    query = select(OptOut.channel, OptOut.address).where(OptOut.address.in_(addresses))
    return {(channel, address) for channel, address in db.session.execute(query)}


def carrier_says_stop(channel: str, address: str, message_id: int, now: datetime) -> None:
    """The carrier refused a message because the person opted out there (Twilio, 21610).

    Part of the caller's transaction.
    """
    event = ConsentEvent(
        channel=channel,
        address=address,
        said="stop",
        source="carrier",
        message_id=message_id,
        at=now,
    )
    db.session.add(event)
    known = insert(OptOut).values(
        tenant_id=current_tenant_id(), channel=channel, address=address, since=now
    )
    db.session.execute(known.on_conflict_do_nothing())


def stopped() -> ColumnElement[bool]:
    """The condition that a message is to somebody who wants none."""
    return exists().where(
        OptOut.tenant_id == Message.tenant_id,
        OptOut.channel == Message.channel,
        OptOut.address == Message.recipient,
    )


def refuse_stopped(now: datetime) -> int:
    """What waits for people who said STOP meanwhile has failed; how many messages."""
    refused = (
        update(Message)
        .where(Message.status == MessageStatus.QUEUED, Message.send_after <= now, stopped())
        .values(status=MessageStatus.FAILED, error=STOPPED)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the outbox is one for all tenants"):
        ids = db.session.scalars(refused).all()
        db.session.commit()
    return len(ids)

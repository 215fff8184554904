"""Whom nothing may be sent to, and how that became known."""

from datetime import datetime

from sqlalchemy import Case, ColumnElement, case, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from app.channels import CHANNELS
from app.channels.base import Channel
from app.extensions import db
from app.lib.status import MessageStatus
from app.models import ConsentEvent, Customer, Message, OptOut
from app.tenancy import current_tenant_id, unscoped

STOPPED = (
    "This person replied STOP. You cannot write to them here until they text START to your number."
)
UNSUBSCRIBED = (
    "This person unsubscribed from your emails. You cannot email them until they subscribe again,"
    " by the same link in one of your emails."
)


def sentence(channel: Channel) -> str:
    """Why nothing may be sent to somebody who wants none."""
    return STOPPED if channel.two_way else UNSUBSCRIBED


def opted_out(channel: str, address: str) -> bool:
    """Whether the person said that they want no messages at this address."""
    query = select(OptOut.since).where(OptOut.channel == channel, OptOut.address == address)
    return db.session.scalar(query) is not None


def opted_out_addresses(customer: Customer) -> set[tuple[str, str]]:
    """(channel, address) of the customer to which nothing may be sent."""
    addresses = [point.address for point in customer.contact_points]
    query = select(OptOut.channel, OptOut.address).where(OptOut.address.in_(addresses))
    return {(channel, address) for channel, address in db.session.execute(query)}


def carrier_says_stop(channel: str, address: str, message_id: int, now: datetime) -> None:
    """The carrier refused a message because the person opted out there (Twilio, 21610).

    Part of the caller's transaction.
    """
    write_down_stop(channel, address, "carrier", message_id, now)


def write_down_stop(
    channel: str, address: str, source: str, message_id: int, now: datetime
) -> None:
    """The person wants no messages at this address. Part of the caller's transaction."""
    event = ConsentEvent(
        channel=channel,
        address=address,
        said="stop",
        source=source,
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
        .values(status=MessageStatus.FAILED, error=_sentence())
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the outbox is one for all tenants"):
        ids = db.session.scalars(refused).all()
        db.session.commit()
    return len(ids)


def _sentence() -> Case[str]:
    by_link = [channel.key for channel in CHANNELS.values() if not channel.two_way]
    return case((Message.channel.in_(by_link), UNSUBSCRIBED), else_=STOPPED)

"""What the business's account sent: our own message, or what somebody wrote by another app."""

import uuid

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import live
from app.channels.channel import Channel
from app.extensions import db
from app.inbound.social.channel_threads import customer_of
from app.lib.message_status import MessageStatus
from app.models import ContactPoint, Customer, Direction, Message
from app.outbox import transitions
from app.outbox.compose.ledger import enter
from app.outbox.settle import delivery_report
from app.providers import meta
from app.providers.contract import StatusReport
from app.providers.meta import meta_events as events
from app.tenancy import current_tenant_id

# How the token of what was sent elsewhere begins (app/notifications/forecast/automatic.py).
ELSEWHERE = "elsewhere-"
# What may be on its way to the carrier now.
IN_FLIGHT = (MessageStatus.SENDING, MessageStatus.CHECKING)


def take(channel: Channel, echo: events.Echo, account: str) -> None:
    """Settle the message of ours that it is of, whatever is known of that so far; else enter it as
    the business's own, which answers the customer."""
    name, whole = meta.named(echo.metadata)
    if ours := _ours(channel, echo, account, name):
        if whole or not name:
            report = StatusReport(echo.sid, MessageStatus.SENT)
            delivery_report.apply(report, ours, account, echo.at)
    elif not _known(echo.sid):
        _enter(channel, echo, account)


def _ours(channel: Channel, echo: events.Echo, account: str, name: str) -> uuid.UUID | None:
    """Its public id: as it names it, else of what is under way to the same person and says the
    same, as Meta may drop what was passed along."""
    public_id = _uuid(name)
    same = (
        Message.channel == channel.key,
        Message.sender == account,
        Message.recipient == echo.person,
        Message.body == echo.body,
        Message.status.in_(IN_FLIGHT),
    )
    which = (Message.public_id == public_id,) if public_id else same
    found = select(Message.public_id).where(Message.direction == Direction.OUTBOUND, *which)
    return db.session.scalar(found.limit(1))


def _known(sid: str) -> bool:
    return db.session.scalar(select(Message.id).where(Message.provider_sid == sid)) is not None


def _enter(channel: Channel, echo: events.Echo, account: str) -> None:
    try:
        _write(channel, echo, account)
    except IntegrityError:
        # Told twice at once: the other one has just entered it.
        db.session.rollback()


def _write(channel: Channel, echo: events.Echo, account: str) -> None:
    customer_id = customer_of(channel, echo.person) or _newcomer(channel, echo.person)
    message = transitions.sent_elsewhere(
        customer_id=customer_id,
        channel=channel.key,
        body=echo.body or echo.what or "Sent something that cannot be shown here",
        sender=account,
        recipient=echo.person,
        provider_sid=echo.sid,
        account_sid=account,
        client_token=f"{ELSEWHERE}{echo.sid}",
        created_at=echo.at,
        sent_at=echo.at,
    )
    enter(message, by_hand=True)
    db.session.commit()
    live.publish(current_tenant_id(), customer_id)


def _newcomer(channel: Channel, person: str) -> int:
    """Whoever wrote before the account was connected."""
    customer = Customer()
    customer.contact_points.append(ContactPoint(channel=channel.key, address=person))
    db.session.add(customer)
    db.session.flush()
    return customer.id


def _uuid(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        return None

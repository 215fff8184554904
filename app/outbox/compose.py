"""A message somebody wrote becomes a row of the outbox, or is refused with the reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import live, tasks
from app.channels import CHANNELS, family
from app.channels.base import Channel
from app.extensions import db
from app.lib.lookalikes import plain
from app.lib.status import MessageStatus
from app.lib.text import clean
from app.models import ContactPoint, Conversation, Customer, Direction, Message, Tenant
from app.outbox import attach
from app.outbox.attach import Upload
from app.outbox.consent import STOPPED, opted_out
from app.outbox.ledger import enter
from app.outbox.refused import Refused
from app.outbox.sender import sender
from app.providers import provider
from app.tenancy import current_tenant_id


def compose(
    customer: Customer,
    channel_key: str,
    body: str,
    now: datetime,
    author_id: int | None = None,
    client_token: str | None = None,
    again_of: int | None = None,
    uploads: Sequence[Upload] = (),
) -> Message:
    """Put a message to the customer into the outbox, commit it and ring the worker.

    It leaves when the tenant's time to take it back is over. A client_token that was used before
    gives the message that it made. Raises Refused.
    """
    if known := _posted_before(client_token):
        return known
    channel = _channel(channel_key)
    tenant = db.session.get_one(Tenant, current_tenant_id())
    files = attach.checked(channel, uploads)
    message = Message(
        customer_id=customer.id,
        channel=channel.key,
        direction=Direction.OUTBOUND,
        status=MessageStatus.QUEUED,
        body=_body(tenant, channel, body, bool(files)),
        sender=_sender(tenant, channel),
        recipient=address(customer, channel),
        created_at=now,
        send_after=now + timedelta(seconds=tenant.undo_seconds),
        author_id=author_id,
        client_token=client_token,
        again_of_id=again_of,
    )
    _refuse_outside_session(customer, channel, now)
    if opted_out(channel.key, message.recipient):
        raise Refused(STOPPED)
    try:
        enter(message)
        db.session.add_all(attach.rows(files, message, now))
        db.session.flush()
    except IntegrityError:
        # The same form, posted twice at once: the other one has just made the message.
        db.session.rollback()
        if known := _posted_before(client_token):
            return known
        raise
    db.session.commit()
    tasks.ring(tasks.Task.DRAIN_OUTBOX)
    live.publish(message.tenant_id, customer.id)
    return message


def _posted_before(client_token: str | None) -> Message | None:
    if not client_token:
        return None
    return db.session.scalar(select(Message).where(Message.client_token == client_token))


def _channel(key: str) -> Channel:
    channel = CHANNELS.get(key)
    if channel is None:
        raise Refused("Choose how to send it: by SMS or by WhatsApp.")
    if provider(channel.provider) is None:
        raise Refused(f"{channel.label} is not connected yet. Choose another channel.")
    return channel


def _body(tenant: Tenant, channel: Channel, text: str, with_files: bool) -> str:
    body = clean(text).replace("\r\n", "\n").strip()
    if channel.billed_by_segment and tenant.plain_characters:
        body = plain(body)
    if not body and not with_files:
        raise Refused("Write something first: the message is empty.")
    if len(body) > channel.max_length:
        raise Refused(
            f"The message has {len(body):,} characters; {channel.label} takes"
            f" {channel.max_length:,} at most. Shorten it or send it in two."
        )
    return body


def _sender(tenant: Tenant, channel: Channel) -> str:
    number = sender(tenant, channel)
    if number is None:
        raise Refused(
            f"No {channel.label} number is connected. An admin can enter one in the settings."
        )
    return number


def address(customer: Customer, channel: Channel) -> str:
    """Where the customer is reached on the channel, or on one with the same kind of address.

    Raises Refused.
    """
    kin = family(channel)
    points = [point for point in customer.contact_points if point.channel in kin]
    best = min(points, key=lambda point: _preference(point, channel), default=None)
    if best is None:
        raise Refused(f"{customer.name} cannot be reached by {channel.label}: no number is known.")
    return best.address


def _preference(point: ContactPoint, channel: Channel) -> tuple[bool, bool, int]:
    # Where they wrote from comes first, and a number before a user id.
    return point.channel != channel.key, not point.address.startswith("+"), point.id


def _refuse_outside_session(customer: Customer, channel: Channel, now: datetime) -> None:
    if channel.session_window is None:
        return
    conversation = db.session.scalar(
        select(Conversation).where(Conversation.customer_id == customer.id)
    )
    ends = conversation.session_ends_at(channel.session_window) if conversation else None
    if ends is None or ends <= now:
        raise Refused(
            f"{channel.label} takes a free text only within 24 hours after the customer's last"
            f" {channel.label} message. Write by SMS, or wait until they write again."
        )

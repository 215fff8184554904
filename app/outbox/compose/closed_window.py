"""Channel failover: what waits as its session window closes goes by SMS instead, or has failed."""

from datetime import datetime

from sqlalchemy import select

from app import live
from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.lib import shutdown
from app.lib.message_status import MessageStatus
from app.lib.text.homoglyphs import plain
from app.models import Customer, Media, Message, Tenant
from app.outbox import transitions
from app.outbox.compose import ledger
from app.outbox.compose.delivery_route import DeliveryRoute, instead
from app.outbox.queue.opt_out import stopped
from app.outbox.queue.session_window import closed
from app.outbox.refused import Refused
from app.tenancy import tenant_scope, unscoped

# Then others' messages go on; the next look settles the rest.
MOST = 50


def settle_closed(now: datetime) -> int:
    """Settle what is due and too late for its channel, at most MOST; how many messages.

    Each in a transaction of its own, and while nobody sends it: a message that somebody has
    claimed, or that is looked for, is left alone.
    """
    settled = 0
    while settled < MOST and not shutdown.requested() and (found := _next(now)):
        tenant_id, message_id = found
        with tenant_scope(tenant_id):
            message = db.session.get_one(Message, message_id)
            customer_id = message.customer_id
            _settle(message)
            db.session.commit()
        live.publish(tenant_id, customer_id)
        settled += 1
    return settled


def _next(now: datetime) -> tuple[int, int] | None:
    """The tenant and the id of one such message, locked until the transaction ends."""
    query = (
        select(Message.tenant_id, Message.id)
        .where(
            Message.status == MessageStatus.QUEUED,
            Message.send_after <= now,
            closed(now),
            ~stopped(),
        )
        .order_by(Message.send_after)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with unscoped("the outbox is one for all tenants"):
        found = db.session.execute(query).one_or_none()
    return (found.tenant_id, found.id) if found else None


def _settle(message: Message) -> None:
    customer = db.session.get_one(Customer, message.customer_id)
    tenant = db.session.get_one(Tenant, message.tenant_id)
    try:
        _go_by(instead(customer, tenant, CHANNELS[message.channel]), message, tenant)
    except Refused as refused:
        why = f"It was not sent in time. {refused}"
        db.session.execute(transitions.expire([Message.id == message.id], why))


def _go_by(route: DeliveryRoute, message: Message, tenant: Tenant) -> None:
    _refuse_unfit_files(message, route.channel)
    was = message.channel
    message.channel, message.sender, message.recipient = (
        route.channel.key,
        route.sender,
        route.recipient,
    )
    message.fell_back_from = route.fell_back_from
    if route.channel.billed_by_segment and tenant.plain_characters:
        message.body = plain(message.body)
    ledger.move(message, was)


def _refuse_unfit_files(message: Message, other: Channel) -> None:
    query = select(Media.id).where(Media.message_id == message.id)
    unfit = Media.content_type.not_in(other.attachments)
    if db.session.scalar(query.where(unfit).limit(1)):
        raise Refused(f"Its file cannot go by {other.label} instead.")

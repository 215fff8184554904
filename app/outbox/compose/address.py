"""Where a customer is reached."""

from sqlalchemy import select

from app.channels import CHANNELS, family, home
from app.channels.channel import Channel
from app.extensions import db
from app.lib.memo import memoized
from app.lib.telephone.phone import variants
from app.models import ContactPoint, Customer, Direction, Message
from app.outbox.refused import Refused

NOBODY_THERE = (
    "{name} cannot be reached by email: the last one came back, as there is no such mailbox. Ask"
    " them for another address and enter it."
)


def address(customer: Customer, channel: Channel) -> str:
    """Where the customer is reached on the channel, or on one with the same kind of address.

    Raises Refused.
    """
    known = [point for point in customer.contact_points if _reaches(point, channel)]
    points = [point for point in known if point.invalid_since is None]
    if known and not points:
        raise Refused(NOBODY_THERE.format(name=customer.name))
    best = min(points, key=lambda point: _preference(point, channel), default=None)
    if best is None:
        raise Refused(_unknown(customer, channel))
    return _wrote_from(customer, best) or best.address


def _unknown(customer: Customer, channel: Channel) -> str:
    told = f"{customer.name} cannot be reached by {channel.label}"
    if channel.is_scoped:
        return f"{told}: they have not written to you by it yet."
    return f"{told}: no {channel.place} is known."


def _wrote_from(customer: Customer, point: ContactPoint) -> str | None:
    """Of a number that is known in several forms, the one that they wrote from last."""
    known = variants(point.address)
    forms = {p.address for p in customer.contact_points if p.channel == point.channel}
    if len(forms.intersection(known)) < 2:
        return None
    query = (
        select(Message.sender)
        .where(Message.customer_id == customer.id, Message.direction == Direction.INBOUND)
        .where(Message.channel.in_(_carrying(point.channel)))
        .where(Message.sender.in_(forms.intersection(known)))
        .order_by(Message.id.desc())
        .limit(1)
    )
    return memoized(("wrote from", point.id), lambda: db.session.scalar(query))


def _carrying(channel: str) -> list[str]:
    """The channels by which a message from such an address may come."""
    return [key for key in CHANNELS if home(key) == channel]


def _reaches(point: ContactPoint, channel: Channel) -> bool:
    # A WhatsApp user id is an address of WhatsApp alone.
    shared = point.channel in family(channel) and point.address.startswith("+")
    return point.channel == channel.key or shared


def _preference(point: ContactPoint, channel: Channel) -> tuple[bool, bool, int]:
    # Where they wrote from comes first, and a number before a user id.
    return point.channel != channel.key, not point.address.startswith("+"), point.id

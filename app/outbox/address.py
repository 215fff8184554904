"""Where a customer is reached."""

from app.channels import family
from app.channels.base import Channel
from app.models import ContactPoint, Customer
from app.outbox.refused import Refused


def address(customer: Customer, channel: Channel) -> str:
    """Where the customer is reached on the channel, or on one with the same kind of address.

    Raises Refused.
    """
    points = [point for point in customer.contact_points if _reaches(point, channel)]
    best = min(points, key=lambda point: _preference(point, channel), default=None)
    if best is None:
        what = "number" if channel.address_form == "phone" else "address"
        raise Refused(f"{customer.name} cannot be reached by {channel.label}: no {what} is known.")
    return best.address


def _reaches(point: ContactPoint, channel: Channel) -> bool:
    # A WhatsApp user id is an address of WhatsApp alone.
    shared = point.channel in family(channel) and point.address.startswith("+")
    return point.channel == channel.key or shared


def _preference(point: ContactPoint, channel: Channel) -> tuple[bool, bool, int]:
    # Where they wrote from comes first, and a number before a user id.
    return point.channel != channel.key, not point.address.startswith("+"), point.id

"""By which channel, from where and to where a message leaves."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.lib.memo import memoized
from app.models import Customer, Tenant
from app.outbox.compose.address import address
from app.outbox.queue import session_window
from app.outbox.queue.destinations import check
from app.outbox.queue.opt_out import refusal
from app.outbox.refused import Refused, Stopped
from app.outbox.sender import missing, sender


@dataclass(frozen=True)
class DeliveryRoute:
    channel: Channel
    sender: str
    recipient: str
    fell_back_from: str | None = None


def route(customer: Customer, tenant: Tenant, channel: Channel) -> DeliveryRoute:
    """By the channel itself. Raises Refused where it cannot carry a message to the customer."""
    return route_to(address(customer, channel), tenant, channel)


def route_to(recipient: str, tenant: Tenant, channel: Channel) -> DeliveryRoute:
    """The same to that address."""
    found = DeliveryRoute(channel, _sender(tenant, channel), recipient)
    if stopped := refusal(channel.key, found.recipient):
        raise Stopped(stopped)
    check(tenant, channel, found.recipient)
    return found


def route_of_text(
    customer: Customer, tenant: Tenant, channel: Channel, now: datetime, by_hand: bool = False
) -> DeliveryRoute:
    """The same for free text: by another channel instead where the window is closed and the
    business wants that. Raises Refused."""
    straight = route(customer, tenant, channel)
    if held := session_window.held_elsewhere(customer.id, channel, now):
        raise Refused(held)
    if session_window.is_open(customer, channel, now, by_hand):
        return straight
    return instead(customer, tenant, channel)


def instead(customer: Customer, tenant: Tenant, channel: Channel) -> DeliveryRoute:
    """What a text falls back to that the channel does not take now. Raises Refused."""
    if not tenant.whatsapp_falls_back:
        raise Refused(
            f"{channel.label} takes a free text only within 24 hours after the customer's last"
            f" {channel.label} message. {_otherwise(channel)}, or wait until they write again."
        )
    first: Refused | None = None
    for other in (CHANNELS[key] for key in channel.stand_ins):
        try:
            return replace(route(customer, tenant, other), fell_back_from=channel.key)
        except Refused as refused:
            first = first or _cannot_go(refused, channel, other)
    raise first or Refused(f"{channel.label}'s 24 hours are over.")


def _otherwise(channel: Channel) -> str:
    ways = ["Choose a template"] if channel.picks_templates else []
    ways += [f"write by {CHANNELS[key].label}" for key in channel.stand_ins]
    told = ", ".join(ways)
    return told[:1].upper() + told[1:]


def _cannot_go(refused: Refused, channel: Channel, other: Channel) -> Refused:
    return type(refused)(
        f"{channel.label}'s 24 hours are over, and it cannot go by {other.label} instead. {refused}"
    )


def _sender(tenant: Tenant, channel: Channel) -> str:
    own = memoized(("sender", tenant.id, channel.key), lambda: sender(tenant, channel))
    if own is None:
        raise Refused(missing(channel))
    return own

"""By which channel a notification reaches its customer, and what it says there."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.channels import CHANNELS, REMINDING
from app.channels.channel import Channel
from app.models import Customer, Notification, Tenant
from app.notifications.content.wording import Wording, approved_wording, wording
from app.notifications.settings import Wanted
from app.outbox.compose.delivery_route import DeliveryRoute, route, route_of_text
from app.outbox.queue import daily_limit
from app.outbox.queue.paused_senders import works
from app.outbox.queue.session_window import is_open
from app.outbox.refused import Refused, Stopped
from app.providers import provider


def reach(
    row: Notification,
    customer: Customer,
    tenant: Tenant,
    setting: Wanted,
    at: datetime,
    without: list[Channel],
    others: Sequence[Notification] = (),
) -> tuple[DeliveryRoute, Wording]:
    """By the first channel that reaches the customer, and what it says there of the row and the
    others, without those that did not deliver. Whoever said STOP on one is not written to by the
    next. By one whose sender is paused, or whose day's limit is used up, only where no other
    reaches them: there it waits.

    Raises Refused with what the first said, and BadTemplate.
    """
    first: Refused | None = None
    waits: tuple[DeliveryRoute, Wording] | None = None
    for channel in channels(customer, setting):
        try:
            if provider(channel.provider) is None:
                raise Refused(f"{channel.label} is not connected yet.")
            found = _by(channel, row, customer, tenant, at, others)
            if found[0].channel in without:
                continue
            if works(found[0].channel, at) and _affordable(found[0].channel, customer, tenant, at):
                return found
            waits = waits or found
        except Stopped:
            raise
        except Refused as refused:
            first = first or refused
    if waits:
        return waits
    raise first or Refused("No channel is chosen for it.")


def _affordable(channel: Channel, customer: Customer, tenant: Tenant, at: datetime) -> bool:
    """Whether it is within the day's limit, or nothing that has none reaches the customer."""
    free = any(point.channel not in daily_limit.BILLED for point in customer.contact_points)
    return not free or daily_limit.works(tenant, channel, at)


def _by(
    channel: Channel,
    row: Notification,
    customer: Customer,
    tenant: Tenant,
    at: datetime,
    others: Sequence[Notification],
) -> tuple[DeliveryRoute, Wording]:
    """With the tenant's own text; where the channel does not take that now, with the approved
    template, and where none is set as free text falls back."""
    if not is_open(customer, channel, at):
        straight = route(customer, tenant, channel)
        if said := approved_wording(row, customer, tenant, channel, others):
            return straight, said
    found = route_of_text(customer, tenant, channel, at)
    return found, wording(row, customer, tenant, found.channel, others)


def channels(customer: Customer, setting: Wanted) -> Iterator[Channel]:
    """The customer's own choice first, then the business's, then the others where it wants that."""
    keys = [customer.preferred_channel, setting.channel]
    if setting.falls_back:
        keys += REMINDING
    for key in dict.fromkeys(keys):
        if key in CHANNELS and CHANNELS[key].reminds:
            yield CHANNELS[key]

"""By which channels a customer can be answered now, and if not, why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.channels import CHANNELS
from app.channels.base import Channel
from app.models import Conversation, Customer, Tenant
from app.outbox.address import address
from app.outbox.consent import STOPPED, opted_out_addresses
from app.outbox.refused import Refused
from app.outbox.sender import sender
from app.providers import provider


@dataclass(frozen=True)
class Choice:
    channel: Channel
    to: str
    refusal: str
    """Why it cannot be used now; empty when it can."""
    closes: str
    """How long free text may still be sent, where the channel limits that."""
    chosen: bool = False


def channels(
    customer: Customer, conversation: Conversation | None, tenant: Tenant, now: datetime
) -> list[Choice]:
    """A choice for each connected channel; the one they used last is chosen if it is open."""
    stopped = opted_out_addresses(customer)
    connected = [c for c in CHANNELS.values() if provider(c.provider) and sender(tenant, c)]
    choices = [_choice(channel, customer, conversation, stopped, now) for channel in connected]
    last = conversation.last_channel if conversation else None
    open_ones = sorted(
        (choice for choice in choices if not choice.refusal),
        key=lambda choice: choice.channel.key != last,
    )
    chosen = open_ones[0].channel.key if open_ones else None
    return [Choice(c.channel, c.to, c.refusal, c.closes, c.channel.key == chosen) for c in choices]


def _choice(
    channel: Channel,
    customer: Customer,
    conversation: Conversation | None,
    stopped: set[tuple[str, str]],
    now: datetime,
) -> Choice:
    try:
        to = address(customer, channel)
    except Refused as refused:
        return Choice(channel, "", str(refused), "")
    if (channel.key, to) in stopped:
        return Choice(channel, to, f"{channel.label}: {STOPPED}", "")
    if channel.session_window is None:
        return Choice(channel, to, "", "")
    ends = conversation.session_ends_at(channel.session_window) if conversation else None
    if ends is None or ends <= now:
        hours = int(channel.session_window.total_seconds() // 3600)
        return Choice(
            channel,
            to,
            f"{channel.label} can be used for {hours} hours after the customer writes by it.",
            "",
        )
    return Choice(channel, to, "", _span(ends - now))


def _span(left: timedelta) -> str:
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"

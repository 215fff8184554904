"""By which channels a customer can be answered now, and if not, why."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from app.channels import CHOSEN, home
from app.channels.channel import Channel
from app.lib.memo import memo_scope, prime
from app.models import Conversation, Customer, Tenant
from app.outbox.compose.address import address
from app.outbox.compose.delivery_route import instead
from app.outbox.queue import destinations, opt_out, session_window
from app.outbox.refused import Refused
from app.outbox.sender import sender
from app.outbox.senders.meta_senders import MEMO, Accounts, asked_connected
from app.prepared import Question
from app.providers import provider


@dataclass(frozen=True)
class Choice:
    channel: Channel
    to: str = ""
    refusal: str = ""
    """Why it cannot be used now; empty when it can."""
    closes_at: datetime | None = None
    """Until when it takes free text, where the channel limits that."""
    left: str = ""
    """How long that is."""
    by_template: bool = False
    """It takes an approved template only."""
    goes_by: Channel | None = None
    """What free text falls back to."""
    chosen: bool = False

    @property
    def carrier(self) -> Channel:
        return self.goes_by or self.channel


class Said(NamedTuple):
    """Of the customer: what they want no messages by, and whether they have just said so."""

    refusals: Question[dict[tuple[str, str], str]]
    spoke_last: Question[bool]
    accounts: Question[Accounts]
    """Of the business, not the customer: which accounts it has connected."""


def asked(customer: Customer) -> Said:
    return Said(opt_out.refusals(customer), opt_out.spoke_last(customer), asked_connected())


def channels(
    customer: Customer,
    conversation: Conversation | None,
    tenant: Tenant,
    now: datetime,
    has_templates: bool,
    said: Said | None = None,
) -> list[Choice]:
    """A choice for each connected channel; the one they used last is chosen if it takes
    text, and none after a STOP or START."""
    said = said or asked(customer)
    with memo_scope():
        prime(MEMO, said.accounts.answer)
        return _channels(customer, conversation, tenant, now, has_templates, said)


def _channels(
    customer: Customer,
    conversation: Conversation | None,
    tenant: Tenant,
    now: datetime,
    has_templates: bool,
    said: Said,
) -> list[Choice]:
    stopped = said.refusals.answer
    met = {point.channel for point in customer.contact_points}
    possible = (c for c in CHOSEN.values() if not c.is_scoped or c.key in met)
    connected = [c for c in possible if provider(c.provider) and sender(tenant, c)]
    choices = []
    for channel in connected:
        choice = _reached(channel, customer, tenant, stopped)
        if channel.session_window and not choice.refusal:
            ends = session_window.ends_at(conversation, channel, by_hand=True)
            template = has_templates and channel.picks_templates
            held = session_window.held_elsewhere(customer.id, channel, now)
            choice = replace(choice, refusal=held) if held else choice
        if channel.session_window and not choice.refusal:
            choice = _within(choice, ends, now) or _outside(choice, customer, tenant, template)
        choices.append(choice)
    last = home(conversation.last_channel) if conversation else None
    hushed = any(choice.channel.key == last and (last, choice.to) in stopped for choice in choices)
    # Whoever has just stopped or begun one channel is not met on another by itself.
    return choices if hushed or said.spoke_last.answer else _with_one_chosen(choices, last)


def _with_one_chosen(choices: list[Choice], last: str | None) -> list[Choice]:
    usable = sorted(
        (choice for choice in choices if not choice.refusal),
        key=lambda choice: (choice.by_template, bool(choice.goes_by), choice.channel.key != last),
    )
    return [replace(choice, chosen=choice in usable[:1]) for choice in choices]


def _reached(
    channel: Channel, customer: Customer, tenant: Tenant, stopped: dict[tuple[str, str], str]
) -> Choice:
    try:
        to = address(customer, channel)
    except Refused as refused:
        return Choice(channel, refusal=str(refused))
    why = stopped.get((channel.key, to)) or destinations.refusal(tenant, channel, to)
    return Choice(channel, to, f"{channel.label}: {why}" if why else "")


def _within(choice: Choice, ends: datetime | None, now: datetime) -> Choice | None:
    if ends is None or ends <= now:
        return None
    return replace(choice, closes_at=ends, left=span(ends - now))


def _outside(choice: Choice, customer: Customer, tenant: Tenant, has_templates: bool) -> Choice:
    if has_templates:
        return replace(choice, by_template=True)
    if not tenant.whatsapp_falls_back:
        return replace(choice, refusal=_over(choice.channel))
    try:
        return replace(choice, goes_by=instead(customer, tenant, choice.channel).channel)
    except Refused as refused:
        return replace(choice, refusal=str(refused))


def _over(channel: Channel) -> str:
    told = f"{channel.label} can be used for 24 hours after the customer writes by it"
    if channel.picks_templates:
        entered = "An admin can enter them under Setup."
        return f"{told}, and after that with approved templates. {entered}"
    return f"{told}. Until then write by another channel."


def span(left: timedelta) -> str:
    """3 h 12 min, as the page's own countdown says it (countdown.js)."""
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else "under 1 min"

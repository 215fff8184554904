"""By which channel a rule's text reaches its customer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from app.automation.rule_part import HeldBack, NotDone
from app.automation.snapshot import Snapshot
from app.channels import CHANNELS, CHOSEN, home
from app.channels.channel import Channel
from app.outbox.compose.delivery_route import DeliveryRoute, route_of_text
from app.outbox.queue.destinations import check
from app.outbox.queue.opt_out import opted_out
from app.outbox.refused import Refused, Stopped
from app.providers import provider

STOPPED = "They want no more messages there."


def route(seen: Snapshot, now: datetime) -> DeliveryRoute:
    """What they wrote is answered where they wrote from; else their own choice comes first. Whoever
    said STOP on one channel is not written to by the next. Raises HeldBack and NotDone."""
    first: Refused | None = None
    for channel in _channels(seen):
        try:
            return _by(channel, seen, now)
        except Stopped as stopped:
            raise HeldBack(str(stopped)) from None
        except Refused as refused:
            first = first or refused
    raise NotDone(str(first))


def wrote_by(seen: Snapshot) -> str:
    """The channel by which what the customer wrote is answered; empty: it is not what set the rule
    off."""
    return home(seen.message.channel) if seen.message and seen.message.inbound else ""


def _channels(seen: Snapshot) -> Iterator[Channel]:
    keys = [wrote_by(seen), seen.customer.preferred_channel, *CHOSEN]
    return (CHANNELS[key] for key in dict.fromkeys(keys) if key in CHANNELS)


def _by(channel: Channel, seen: Snapshot, now: datetime) -> DeliveryRoute:
    if provider(channel.provider) is None:
        raise Refused(f"{channel.label} is not connected yet.")
    found = route_of_text(seen.customer, seen.tenant, channel, now)
    if seen.message is None or wrote_by(seen) != found.channel.key:
        return found
    there = replace(found, recipient=seen.message.sender)
    if opted_out(there.channel.key, there.recipient):
        raise Stopped(STOPPED)
    check(seen.tenant, there.channel, there.recipient)
    return there

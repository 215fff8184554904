"""Where Twilio should tell us what happens to a business's numbers, and where it does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.channels import CHANNELS, home
from app.extensions import db, settings
from app.health.twilio_lines import Asked
from app.models import Tenant
from app.providers.contract import Ability, Event
from app.providers.twilio import twiml
from app.tenancy import current_tenant_id

PATHS = {Event.CALL: "answer", Event.CALL_ENDED: "status", Event.STATUS: "message-status"}
# As Twilio's console calls them.
LABELS = {
    Event.MESSAGE: "A message comes in",
    Event.STATUS: "Status callback",
    Event.FALLBACK: "Primary handler fails",
    Event.CALL: "A call comes in",
    Event.CALL_ENDED: "Call status changes",
}


@dataclass(frozen=True)
class Difference:
    """An event of a number that Twilio tells somebody else, or nobody."""

    channel: str
    number: str
    """In E.164."""
    event: Event
    stands: str
    """What Twilio calls; empty: nothing."""
    ours: str
    """What it should call."""
    foreign: bool
    """Whether somebody is told who is not this business's inbox."""

    @property
    def label(self) -> str:
        """E.g. SMS, A message comes in."""
        return f"{CHANNELS[self.channel].label}, {LABELS[self.event]}"


def differences(asked: Iterable[Asked], base: str) -> list[Difference]:
    """Of these numbers, of a business whose address() is base, in the order in which they
    matter."""
    return [found for each in asked for found in _of_number(each, base)]


def address() -> str:
    """What all addresses of the business in scope begin with."""
    slug = db.session.get_one(Tenant, current_tenant_id()).slug
    return f"{settings().public_url}/api/twilio/{slug}"


def _of_number(asked: Asked, base: str) -> list[Difference]:
    if asked.line is None:
        return []
    stands = asked.line.urls
    wanted = {event: f"{base}/{PATHS.get(event, home(asked.channel))}" for event in stands}
    return [
        Difference(
            asked.channel,
            asked.number,
            event,
            stands[event],
            url + twiml.RETRIES,
            foreign=bool(stands[event]) and not stands[event].startswith(f"{base}/"),
        )
        for event, url in wanted.items()
        if _matters(event, asked) and not _same(stands, event, url)
    ]


def _matters(event: Event, asked: Asked) -> bool:
    calls = event in (Event.CALL, Event.CALL_ENDED)
    return not calls or bool(asked.line and Ability.CALLS in asked.line.abilities)


def _same(stands: Mapping[Event, str], event: Event, url: str) -> bool:
    # What stands behind the # is for Twilio: how often it tries again.
    there = stands[event].partition("#")[0]
    # Without a fallback nothing goes astray: what was not brought is found in Twilio's list.
    return there == url or (event is Event.FALLBACK and not there)

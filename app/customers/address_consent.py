"""What a customer wants at each of their addresses, and what proves it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, Integer, Text, any_, exists, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.models import ConsentEvent, ContactPoint, Customer, Message, OptOut
from app.prepared import Prepared, given

# (channel, address)
Place = tuple[str, str]


class Word(NamedTuple):
    """What was said last about a place, as the columns of ConsentEvent."""

    channel: str
    address: str
    source: str
    at: datetime
    body: str | None
    """Of the message that proves it."""
    given_at: datetime | None
    evidence: str


@dataclass(frozen=True)
class Consent:
    """What was last said about messages to one address."""

    channel: str
    address: str
    event: Word | None
    """None: nothing was said, so they may be written to."""
    words: str | None
    """The message that proves it."""
    stopped: bool
    """Whether nothing is sent there."""
    invalid_since: datetime | None = None
    """Since when emails come back from there; None: as far as is known they arrive."""
    rcs_seen_at: datetime | None = None
    """When RCS last reached it; None: it does not, or nobody knows."""


class Point(NamedTuple):
    """As the columns of ContactPoint."""

    channel: str
    address: str
    invalid_since: datetime | None
    rcs_seen_at: datetime | None


def consent(customer: Customer) -> list[Consent]:
    """For every address of the customer's, in their order."""
    points = _POINTS.all(customer_id=customer.id)
    known = {(point.channel, point.address): point for point in points}
    addresses = list({address for _, address in known})
    stopped = set(_STOPPED.all(addresses=addresses))
    said = {(word.channel, word.address): word for word in _SAID.all(addresses=addresses)}
    # A number may be stopped on a channel that it is only shared with.
    places = dict.fromkeys([*known, *said, *sorted(stopped)])
    return [_consent(place, said, place in stopped, known.get(place)) for place in places]


def _consent(
    place: Place, said: Mapping[Place, Word], stopped: bool, point: Point | None
) -> Consent:
    word = said.get(place)
    since = (point.invalid_since, point.rcs_seen_at) if point else ()
    return Consent(*place, word, word and word.body, stopped, *since)


_ADDRESSES = given("addresses", ARRAY(Text))
_POINTS = Prepared(
    Point,
    select(
        *(ContactPoint.channel, ContactPoint.address),
        *(ContactPoint.invalid_since, ContactPoint.rcs_seen_at),
    )
    .where(ContactPoint.customer_id == given("customer_id", Integer()))
    .order_by(ContactPoint.id),
)
_STOPPED = Prepared(
    lambda channel, address: (channel, address),
    select(OptOut.channel, OptOut.address).where(OptOut.address == any_(_ADDRESSES)),
)
_stands = exists().where(
    OptOut.tenant_id == ConsentEvent.tenant_id,
    OptOut.channel == ConsentEvent.channel,
    OptOut.address == ConsentEvent.address,
)
# The last about each place. A STOP comes before what was said after it and does not end it, as a
# START to another account.
_SAID = Prepared(
    Word,
    select(
        ConsentEvent.channel,
        ConsentEvent.address,
        ConsentEvent.source,
        ConsentEvent.at,
        Message.body,
        ConsentEvent.given_at,
        ConsentEvent.evidence,
    )
    .outerjoin(Message, Message.id == ConsentEvent.message_id)
    .where(ConsentEvent.address == any_(_ADDRESSES))
    .ext(distinct_on(ConsentEvent.channel, ConsentEvent.address))
    .order_by(
        ConsentEvent.channel,
        ConsentEvent.address,
        (_stands & (ConsentEvent.said == "stop")).desc(),
        ConsentEvent.id.desc(),
    ),
)

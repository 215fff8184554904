"""What a business knows of a customer, a statement for each section of their page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Appointment, Call, ConsentEvent, Customer, Message, Notification, OptOut

# Of each section the latest; what is older stands in the panels.
MOST = 30

# (channel, address)
Place = tuple[str, str]
# What was said last, and the text of the message that proves it.
Word = tuple[ConsentEvent, str | None]


@dataclass(frozen=True)
class Consent:
    """What was last said about messages to one address."""

    channel: str
    address: str
    event: ConsentEvent | None
    """None: nothing was said, so they may be written to."""
    words: str | None
    """The message that proves it."""
    stopped: bool
    """Whether nothing is sent there."""
    invalid_since: datetime | None = None
    """Since when emails come back from there; None: as far as is known they arrive."""


def consent(customer: Customer) -> list[Consent]:
    """For every address of the customer's, in their order."""
    known = [(point.channel, point.address) for point in customer.contact_points]
    addresses = {address for _, address in known}
    stops = select(OptOut.channel, OptOut.address).where(OptOut.address.in_(addresses))
    stopped = {(channel, address) for channel, address in db.session.execute(stops)}
    said = _said(addresses)
    # A number may be stopped on a channel that it is only shared with.
    places = dict.fromkeys([*known, *said, *sorted(stopped)])
    invalid = {(each.channel, each.address): each.invalid_since for each in customer.contact_points}
    return [_consent(place, said, place in stopped, invalid.get(place)) for place in places]


def _consent(
    place: Place, said: Mapping[Place, Word], stopped: bool, invalid_since: datetime | None
) -> Consent:
    event, words = said.get(place, (None, None))
    return Consent(*place, event, words, stopped, invalid_since)


def _said(addresses: set[str]) -> dict[Place, Word]:
    """The last word about each (channel, address), with the message that proves it. A STOP comes
    before what was said after it and does not end it, as a START to another account."""
    stands = exists().where(
        OptOut.tenant_id == ConsentEvent.tenant_id,
        OptOut.channel == ConsentEvent.channel,
        OptOut.address == ConsentEvent.address,
    )
    query = (
        select(ConsentEvent, Message.body)
        .outerjoin(Message, Message.id == ConsentEvent.message_id)
        .where(ConsentEvent.address.in_(addresses))
        .ext(distinct_on(ConsentEvent.channel, ConsentEvent.address))
        .order_by(
            ConsentEvent.channel,
            ConsentEvent.address,
            (stands & (ConsentEvent.said == "stop")).desc(),
            ConsentEvent.id.desc(),
        )
    )
    return {
        (event.channel, event.address): (event, body) for event, body in db.session.execute(query)
    }


def appointments(customer: Customer) -> Sequence[Appointment]:
    """The latest first."""
    query = select(Appointment).where(Appointment.customer_id == customer.id)
    query = query.options(joinedload(Appointment.service), joinedload(Appointment.staff_member))
    return db.session.scalars(query.order_by(Appointment.starts_at.desc()).limit(MOST)).all()


def calls(customer: Customer) -> Sequence[Call]:
    """The latest first, each with its follow-up."""
    query = select(Call).where(Call.customer_id == customer.id)
    query = query.options(joinedload(Call.follow_up).joinedload(Notification.message))
    return db.session.scalars(query.order_by(Call.started_at.desc()).limit(MOST)).all()

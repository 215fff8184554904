"""What a business knows of a customer, a statement for each section of their page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Appointment, Call, ConsentEvent, Customer, Message, Notification

# Of each section the latest; what is older stands in the panels.
MOST = 30


@dataclass(frozen=True)
class Consent:
    """What was last said about messages to one address."""

    channel: str
    address: str
    event: ConsentEvent | None
    """None: nothing was said, so they may be written to."""
    words: str | None
    """The message that proves it."""

    @property
    def stopped(self) -> bool:
        return self.event is not None and self.event.said == "stop"


def consent(customer: Customer) -> list[Consent]:
    """For every address of the customer's, in their order."""
    known = [(point.channel, point.address) for point in customer.contact_points]
    query = (
        select(ConsentEvent, Message.body)
        .outerjoin(Message, Message.id == ConsentEvent.message_id)
        .where(ConsentEvent.address.in_({address for _, address in known}))
        .ext(distinct_on(ConsentEvent.channel, ConsentEvent.address))
        .order_by(ConsentEvent.channel, ConsentEvent.address, ConsentEvent.id.desc())
    )
    said = {
        (event.channel, event.address): (event, body) for event, body in db.session.execute(query)
    }
    # A number may be stopped on a channel that it is only shared with.
    return [Consent(*key, *said.get(key, (None, None))) for key in dict.fromkeys([*known, *said])]


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

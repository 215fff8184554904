"""Two customers beside each other, as whoever decides about them has to see them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.customers.address_consent import Consent, consent
from app.customers.merging.consents import at_risk
from app.extensions import db
from app.models import (
    Appointment,
    Call,
    Conversation,
    ConversationLabel,
    Customer,
    Message,
    Note,
    Notification,
    ScheduledMessage,
)

COUNTED: dict[str, type[Any]] = {
    "Appointments": Appointment,
    "Messages": Message,
    "Messages for later": ScheduledMessage,
    "Automatic messages": Notification,
    "Calls": Call,
    "Notes": Note,
    "Labels": ConversationLabel,
}


class Side(NamedTuple):
    customer: Customer
    reached: Sequence[Consent]
    counts: dict[str, int]
    last: Conversation | None


class Both(NamedTuple):
    sides: tuple[Side, Side]
    """The one first of whom more is known: their row had better stay."""
    ends: list[str]
    """Addresses to which nothing is sent any more, as the other wants none on that channel."""


def side_by_side(one: Customer, other: Customer) -> Both:
    first, second = sorted((_side(one), _side(other)), key=_known, reverse=True)
    ends = [address for _, address in at_risk(one, other)]
    return Both((first, second), list(dict.fromkeys(ends)))


def _side(customer: Customer) -> Side:
    counts = {name: _count(kind, customer) for name, kind in COUNTED.items()}
    last = select(Conversation).where(Conversation.customer_id == customer.id)
    return Side(customer, consent(customer), counts, db.session.scalar(last))


def _count(kind: type[Any], customer: Customer) -> int:
    of_theirs = select(func.count(kind.id)).where(kind.customer_id == customer.id)
    return db.session.scalar(of_theirs) or 0


def _known(side: Side) -> tuple[bool, bool, int]:
    named = bool(side.customer.first_name or side.customer.last_name)
    return bool(side.customer.external_id), named, sum(side.counts.values())

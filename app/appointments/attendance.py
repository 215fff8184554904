"""With whom an appointment is agreed on, and who comes (docs/adr/0029-shared-numbers.md)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.customers.merging.standing import standing
from app.extensions import db
from app.models import Appointment, Customer
from app.notifications.planning import plan

if TYPE_CHECKING:
    from app.appointments.commands import Changes

BOTH = "{name} is reached through {through}. For somebody else, choose {through} as the customer."
STRANGER = "{name} is not reached through {way}. Say so on the page of {name} first."


def resolve(changes: "Changes") -> str | None:
    """Put whoever is reached through another where they belong: that one is the customer, and they
    attend. Why it cannot be, in a sentence; else None. Done again it changes nothing."""
    customer = _customer(changes.get("customer_id"))
    if customer and customer.merged_into_id:
        # By a form from before.
        customer = standing(customer)
        changes["customer_id"] = customer.id
    through = _customer(customer.reached_through_id) if customer else None
    if customer and through:
        if changes.get("attendee_name") or changes.get("attendee_id"):
            return BOTH.format(name=customer.name, through=through.name)
        changes["customer_id"], changes["attendee_id"] = through.id, customer.id
    if changes.get("attendee_id"):
        changes["attendee_name"] = ""
    elif changes.get("attendee_name"):
        changes["attendee_id"] = None
    return None


def stranger(customer_id: int, attendee_id: int | None) -> str | None:
    """Why that one cannot come to what is agreed on with the customer, if they cannot."""
    attendee, customer = _customer(attendee_id), _customer(customer_id)
    if attendee is None or customer is None or attendee.reached_through_id == customer.id:
        return None
    return STRANGER.format(name=attendee.name, way=customer.name)


def let_go(customer: Customer, now: datetime) -> None:
    """They are about to be deleted: what others attend becomes the others', and of what they attend
    themselves nothing goes out. For whoever holds them (lock_customer.py), and commits."""
    theirs = Appointment.customer_id == customer.id, Appointment.attendee_id.is_not(None)
    for each in db.session.scalars(select(Appointment).where(*theirs)):
        plan.forget(each, now)
        each.customer_id, each.attendee_id = each.attendee_id or 0, None
        # Planned anew, for whoever has no address: each says so.
        each.planned_for = None
    for each in db.session.scalars(
        select(Appointment).where(Appointment.attendee_id == customer.id)
    ):
        plan.forget(each, now)
    db.session.flush()


def _customer(id_: int | None) -> Customer | None:
    return db.session.get(Customer, id_) if id_ else None

"""What staff are told when somebody is booked twice: it is allowed, and rarely meant."""

from flask import flash

from admin_views.numbers import pretty
from admin_views.times import wall
from app.appointments.diary import colliding
from app.models import Appointment

MOST = 5


def warn_of_collisions(appointment: Appointment) -> None:
    """Say it with the next page, if the staff member has something else to do then."""
    others = colliding(appointment, MOST + 1)
    if others:
        them = ", ".join(
            f"{wall().time(each.starts_at)} {pretty(each.customer.name)}" for each in others[:MOST]
        )
        them += " and others" if len(others) > MOST else ""
        flash(f"{appointment.staff_member} has another appointment then: {them}.", "info")

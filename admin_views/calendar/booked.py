"""What staff are told when an appointment was booked."""

from datetime import datetime

from admin_views.numbers import pretty
from admin_views.times import business_time
from app.models import Appointment
from app.notifications.forecast.outlook import outlook


def booked(appointment: Appointment, now: datetime) -> str:
    """«Booked: Hannah Weber, Tue, Dec 1, 12:00 PM with Amara. The confirmation goes now …»"""
    name = pretty(appointment.customer.name)
    other = appointment.who_comes
    who = f"{other}, reached through {name}" if other else name
    when = business_time().near(appointment.starts_at, now)
    person = f" with {appointment.staff_member}" if appointment.staff_member else ""
    return f"Booked: {who}, {when}{person}. {outlook(appointment, now)}"

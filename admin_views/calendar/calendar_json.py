"""The calendar as a program reads it."""

from datetime import UTC, datetime
from typing import Any

from admin_views.calendar.calendar_page import Page
from app.appointments.diary import Booking
from app.models import Appointment
from app.notifications.forecast.why import of_appointment


def page_json(page: Page) -> dict[str, Any]:
    return {
        "more": page.more,
        "view": page.view,
        "days": [f"{day}" for day in page.days],
        "appointments": [
            appointment_json(each) for _, appointments in page.agenda for each in appointments
        ],
    }


def appointment_json(appointment: Appointment | Booking) -> dict[str, Any]:
    return {
        "id": appointment.id,
        "customer_id": appointment.customer_id,
        "customer": appointment.customer.name,
        "attendee": appointment.who_comes or None,
        "service_id": appointment.service_id,
        "service": appointment.service and str(appointment.service),
        "staff_member_id": appointment.staff_member_id,
        "staff_member": appointment.staff_member and str(appointment.staff_member),
        "starts_at": appointment.starts_at.astimezone(UTC).isoformat(),
        "ends_at": appointment.ends_at.astimezone(UTC).isoformat(),
        "duration_minutes": appointment.duration_minutes,
        "status": appointment.status,
    }


def told_json(appointment: Appointment, moment: datetime) -> dict[str, Any]:
    """Its automatic messages, and why each went out or did not."""
    told = of_appointment(appointment, moment)
    return {"notifications": [{"kind": kind, "why": why} for kind, why in told]}

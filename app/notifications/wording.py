"""What a notification says, in the tenant's words."""

from dataclasses import dataclass

from liquid import Environment, StrictUndefined
from liquid.exceptions import LiquidError
from sqlalchemy import select

from app.channels.base import Channel
from app.extensions import db
from app.lib.lookalikes import plain
from app.lib.text import clean
from app.models import Appointment, Customer, MessageTemplate, Notification, Tenant
from app.notifications.types import TYPES

ENVIRONMENT = Environment(undefined=StrictUndefined)


class BadTemplate(ValueError):
    """The template cannot be filled; the text says why."""


@dataclass(frozen=True)
class Wording:
    subject: str
    body: str


def wording(row: Notification, customer: Customer, tenant: Tenant, channel: Channel) -> Wording:
    """The text for the customer on the channel. Raises BadTemplate."""
    subject, body = _template(row.type, channel)
    values = _values(row, customer, tenant)
    text = clean(_filled(body, values)).strip()
    if channel.billed_by_segment and tenant.plain_characters:
        text = plain(text)
    if not text or len(text) > channel.max_length:
        raise BadTemplate(f"Its text has {len(text):,} characters for {channel.label}.")
    return Wording(_filled(subject, values), text)


def _template(type_: str, channel: Channel) -> tuple[str, str]:
    query = select(MessageTemplate).where(
        MessageTemplate.type == type_, MessageTemplate.channel == channel.key
    )
    own = db.session.scalar(query)
    return (own.subject, own.body) if own else TYPES[type_].texts["en"]


def _values(row: Notification, customer: Customer, tenant: Tenant) -> dict[str, str]:
    from app.lib.clock import wall_time

    appointment = db.session.get(Appointment, row.appointment_id or 0)
    there = wall_time(row.starts_at, tenant.timezone) if row.starts_at else None
    return {
        "customer_name": customer.first_name or "there",
        "business_name": tenant.name,
        "appointment_date": f"{there:%A, %B %-d}" if there else "",
        "appointment_time": f"{there:%-I:%M %p}" if there else "",
        "service_name": (appointment and appointment.service and appointment.service.name)
        or "visit",
        "staff_name": (appointment and appointment.staff_member and appointment.staff_member.name)
        or "us",
        "review_link": "https://review.example",
    }


def _filled(template: str, values: dict[str, str]) -> str:
    try:
        return ENVIRONMENT.from_string(template).render(**values)
    except LiquidError as error:
        raise BadTemplate(str(error)) from None

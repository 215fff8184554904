"""What a notification says, in the tenant's words and the customer's language."""

from collections.abc import Mapping

from app.channels.base import Channel
from app.extensions import db
from app.lib.lookalikes import plain
from app.lib.text import clean
from app.models import Appointment, Customer, Notification, Tenant
from app.notifications.fill import BadTemplate, fill
from app.notifications.opening import address
from app.notifications.templates import Wording, approved_for, template_for
from app.notifications.types import TYPES
from app.notifications.values import values
from app.outbox.template import fill as fill_gaps

__all__ = ["BadTemplate", "Wording", "approved_wording", "filled", "wording"]


def wording(row: Notification, customer: Customer, tenant: Tenant, channel: Channel) -> Wording:
    """The text for the customer on the channel, as it is sent. Raises BadTemplate."""
    kind = TYPES[row.type]
    template = template_for(kind, channel, customer.language, tenant)
    return filled(template, _told(row, customer, tenant, template.language), channel, tenant)


def filled(template: Wording, told: Mapping[str, str], channel: Channel, tenant: Tenant) -> Wording:
    """The template with the values in its gaps, as the channel takes it. Raises BadTemplate."""
    body = clean(fill(template.body, told, escape=channel.is_markup)).strip()
    if channel.billed_by_segment and tenant.plain_characters:
        body = plain(body)
    if not body:
        raise BadTemplate("It says nothing.")
    if len(body) > channel.max_length:
        raise BadTemplate(f"Filled in it has {len(body):,} characters: too long to send.")
    return Wording(fill(template.subject, told, escape=False), body, template.language)


def approved_wording(
    row: Notification, customer: Customer, tenant: Tenant, channel: Channel
) -> Wording | None:
    """The approved template for the customer, filled in; None: the tenant has set none.

    Raises Refused where a value is missing or too long.
    """
    template = approved_for(TYPES[row.type], channel, customer.language, tenant)
    if template is None or template.approved_id is None:
        return None
    told = _told(row, customer, tenant, template.language)
    given = {gap: told.get(name, "") for gap, name in template.gaps.items()}
    filled = fill_gaps(template.approved_id, given)
    return Wording("", filled.text, template.language, filled)


def _told(row: Notification, customer: Customer, tenant: Tenant, language: str) -> dict[str, str]:
    appointment = db.session.get(Appointment, row.appointment_id) if row.appointment_id else None
    return values(TYPES[row.type], tenant, language, customer, appointment, address(row))

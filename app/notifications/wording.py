"""What a notification says, in the tenant's words and the customer's language."""

from app.channels.base import Channel
from app.extensions import db
from app.lib.lookalikes import plain
from app.lib.text import clean
from app.models import Appointment, Customer, Notification, Tenant
from app.notifications.fill import BadTemplate, fill
from app.notifications.opening import address
from app.notifications.templates import Wording, template_for
from app.notifications.types import TYPES
from app.notifications.values import values

__all__ = ["BadTemplate", "Wording", "wording"]


def wording(row: Notification, customer: Customer, tenant: Tenant, channel: Channel) -> Wording:
    """The text for the customer on the channel, as it is sent. Raises BadTemplate."""
    kind = TYPES[row.type]
    template = template_for(kind, channel, customer.language, tenant)
    appointment = db.session.get(Appointment, row.appointment_id) if row.appointment_id else None
    told = values(kind, tenant, template.language, customer, appointment, address(row))
    body = clean(fill(template.body, told, escape=False)).strip()
    if channel.billed_by_segment and tenant.plain_characters:
        body = plain(body)
    if not body:
        raise BadTemplate("It says nothing.")
    if len(body) > channel.max_length:
        raise BadTemplate(f"Filled in it has {len(body):,} characters: too long to send.")
    return Wording(fill(template.subject, told, escape=False), body, template.language)

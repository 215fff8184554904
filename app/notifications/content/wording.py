"""What a notification says, in the tenant's words and the customer's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.channels.channel import Channel
from app.extensions import db
from app.lib.mail import markup
from app.lib.text.cleaning import clean, one_line
from app.lib.text.homoglyphs import gsm, plain
from app.models import Appointment, Customer, MessageTemplate, Notification, Tenant
from app.notifications.content.liquid import BadTemplate, fill
from app.notifications.content.review_link import address
from app.notifications.content.template_languages import LANGUAGES
from app.notifications.content.templates import approved_for, template_for
from app.notifications.content.variables import values
from app.notifications.types import TYPES
from app.notifications.types.notification_type import OF_THE_HOURS
from app.outbox.compose.approved_template import fill as fill_gaps
from app.outbox.compose.content import Content

# The values that are written by us.
OURS = ("appointment_date", "appointment_time", *OF_THE_HOURS)

__all__ = ["BadTemplate", "Wording", "approved_wording", "filled", "wording"]


@dataclass(frozen=True, kw_only=True)
class Wording(Content):
    language: str
    """Of LANGUAGES: in it the dates and the words for what is unknown are written, too."""


def wording(
    row: Notification,
    customer: Customer,
    tenant: Tenant,
    channel: Channel,
    others: Sequence[Notification] = (),
) -> Wording:
    """The text for the customer on the channel, as it is sent; others: those that it is about as
    well. Raises BadTemplate."""
    template = template_for(TYPES[row.type], channel, customer.language, tenant)
    text = f"{template.subject or ''} {template.body}"
    told = _told(row, customer, tenant, template.language, others, text)
    return filled(template, told, channel, tenant)


def filled(
    template: MessageTemplate, told: Mapping[str, str], channel: Channel, tenant: Tenant
) -> Wording:
    """The template with the values in its gaps, as the channel takes it; where that takes markup,
    as HTML and as it reads. Raises BadTemplate."""
    found = _filled(template, told, channel, tenant)
    if not found.body:
        raise BadTemplate("It says nothing.")
    if len(found.html or found.body) > channel.max_length:
        raise BadTemplate(f"Filled in it has {len(found.body):,} characters: too long to send.")
    return found


def _filled(
    template: MessageTemplate, told: Mapping[str, str], channel: Channel, tenant: Tenant
) -> Wording:
    language = template.language
    cheap = channel.billed_by_segment and tenant.plain_characters
    if cheap:
        # What we write ourselves makes no text dearer: sáb. would, on each Saturday.
        told = {name: gsm(each) if name in OURS else each for name, each in told.items()}
    body = clean(fill(template.body, told, escape=channel.is_markup)).strip()
    subject = template.subject and one_line(clean(fill(template.subject, told, escape=False)))
    if channel.is_markup:
        html = markup.safe(body)
        called = LANGUAGES[language].unsubscribe
        return Wording(markup.as_text(html), subject, html, unsubscribe=called, language=language)
    if cheap:
        body = plain(body)
    return Wording(body, subject, language=language)


def approved_wording(
    row: Notification,
    customer: Customer,
    tenant: Tenant,
    channel: Channel,
    others: Sequence[Notification] = (),
) -> Wording | None:
    """The approved template for the customer, filled in, of others as well; None: the tenant has
    set none.

    Raises Refused where a value is missing or too long.
    """
    template = approved_for(TYPES[row.type], channel, customer.language, tenant)
    if template is None or template.approved_id is None:
        return None
    named = " ".join(template.gaps.values())
    told = _told(row, customer, tenant, template.language, others, named)
    given = {gap: told.get(name, "") for gap, name in template.gaps.items()}
    approved = fill_gaps(template.approved_id, given)
    return Wording(approved.text, template=approved, language=template.language)


def _told(
    row: Notification,
    customer: Customer,
    tenant: Tenant,
    language: str,
    others: Sequence[Notification],
    text: str,
) -> dict[str, str]:
    appointment, *rest = [_about(each) for each in (row, *others)]
    kind = TYPES[row.type]
    # Whoever is told of an end may never have heard of the start that it had last.
    names = row.useful_until if kind.names_known_start else None
    also = [each for each in rest if each]
    link = address(row)
    return values(
        kind, tenant, language, customer, appointment, link, names, others=also, text=text
    )


def _about(row: Notification) -> Appointment | None:
    return db.session.get(Appointment, row.appointment_id) if row.appointment_id else None

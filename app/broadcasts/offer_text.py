"""What a broadcast says to a customer, and what is missing before it can say it."""

from collections.abc import Iterator

from app.channels import CHANNELS
from app.lib.mail import markup
from app.lib.text.cleaning import clean, one_line, shows
from app.models import Broadcast, Customer, MessageTemplate, Tenant, WhatsappTemplate
from app.notifications.configure.template_check import check
from app.notifications.content.liquid import BadTemplate, fill
from app.notifications.content.template_languages import LANGUAGES, known
from app.notifications.content.variables import values
from app.notifications.content.wording import filled
from app.notifications.types.notification_type import Kind, Text
from app.outbox.compose.approved_template import fill as fill_gaps
from app.outbox.compose.content import Content

OF_A_BROADCAST = Kind(
    key="broadcast",
    label="Broadcast",
    order=0,
    help="An offer to many.",
    variables=("customer_name", "business_name"),
    texts={"en": Text("", "")},
)
WAY_OUT = "STOP"
NO_WAY_OUT = "The text must say how they end it: for example “Reply STOP to end.”"


def content(broadcast: Broadcast, customer: Customer, tenant: Tenant) -> Content:
    """For that customer. Raises BadTemplate, and Refused where an approved template cannot be
    filled in."""
    channel, language = CHANNELS[broadcast.channel], known(customer.language, known(tenant.locale))
    told = values(OF_A_BROADCAST, tenant, language, customer)
    if channel.picks_templates:
        given = {gap: _plain(text, told) for gap, text in broadcast.gaps.items()}
        approved = fill_gaps(broadcast.approved_id or 0, given)
        return Content(approved.text, template=approved)
    if channel.is_markup:
        html = markup.of_text(_plain(broadcast.body, told))
        way_out = LANGUAGES[language].unsubscribe
        subject = one_line(_plain(broadcast.subject, told))
        return Content(markup.as_text(html), subject, html, unsubscribe=way_out)
    template = MessageTemplate(
        type=OF_A_BROADCAST.key,
        channel=channel.key,
        language=language,
        subject="",
        body=broadcast.body,
    )
    return filled(template, told, channel, tenant)


def _plain(text: str, told: dict[str, str]) -> str:
    said = clean(fill(text, told, escape=False)).strip()
    if not said:
        raise BadTemplate("It says nothing.")
    return said


def missing(broadcast: Broadcast, template: WhatsappTemplate | None) -> list[str]:
    """A sentence for each thing that is to be put right before it can go."""
    return list(_missing(broadcast, template))


def _missing(broadcast: Broadcast, template: WhatsappTemplate | None) -> Iterator[str]:
    channel = CHANNELS[broadcast.channel]
    if channel.picks_templates:
        yield from _gaps(broadcast, template)
        return
    yield from _text(broadcast.body, "Write what it says.")
    if channel.has_subject:
        yield from _text(broadcast.subject, "Give it a subject.")
    elif shows(broadcast.body) and WAY_OUT not in broadcast.body.upper():
        yield NO_WAY_OUT


def _gaps(broadcast: Broadcast, template: WhatsappTemplate | None) -> Iterator[str]:
    if template is None:
        yield "Choose the approved template that it is made from."
        return
    for gap in template.variables:
        yield from _text(broadcast.gaps.get(gap, ""), f"Fill in {{{{{gap}}}}} of the template.")


def _text(text: str, if_empty: str) -> list[str]:
    return check(text, OF_A_BROADCAST) if shows(text) else [if_empty]

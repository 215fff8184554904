"""The tenant's texts, and ours where it has none."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from app.channels import CHANNELS
from app.channels.base import Channel
from app.extensions import db
from app.models import MessageTemplate, Tenant
from app.notifications.languages import known
from app.notifications.types import TYPES
from app.notifications.types.base import NotificationType


@dataclass(frozen=True)
class Wording:
    subject: str
    """Empty where the channel has none."""
    body: str
    language: str
    """Of LANGUAGES: in it the dates and the words for what is unknown are written, too."""


def template_for(
    kind: NotificationType, channel: Channel, customer_language: str | None, tenant: Tenant
) -> Wording:
    """The tenant's text in the customer's language, else in its own, else our default.

    One statement, for the tenant in scope. The customer's language may be any tag, such as es-MX.
    """
    own = known(tenant.locale)
    wanted = known(customer_language, own)
    query = select(MessageTemplate).where(
        MessageTemplate.type == kind.key,
        MessageTemplate.channel == channel.key,
        MessageTemplate.language.in_({wanted, own}),
    )
    rows = {row.language: row for row in db.session.scalars(query)}
    row = rows.get(wanted) or rows.get(own) or default(kind, channel, wanted)
    return Wording(row.subject, row.body, row.language)


def default(kind: NotificationType, channel: Channel, language: str) -> MessageTemplate:
    """Our text as a template of the tenant's, which is not stored yet."""
    text = kind.said_in(language)
    return MessageTemplate(
        type=kind.key,
        channel=channel.key,
        language=language,
        subject=text.subject if channel.has_subject else "",
        body=text.body,
    )


def defaults(tenant: Tenant) -> Iterator[MessageTemplate]:
    """What a new business begins with: each type on each channel, in its own language."""
    for kind in TYPES.values():
        for channel in CHANNELS.values():
            yield default(kind, channel, known(tenant.locale))

"""The tenant's texts, and ours where it has none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.channels import CHANNELS
from app.channels.base import Channel
from app.extensions import db
from app.lib.asked import asked
from app.models import MessageTemplate, Tenant
from app.notifications.languages import known
from app.notifications.types import TYPES
from app.notifications.types.base import NotificationType
from app.outbox.template import Filled


@dataclass(frozen=True)
class Wording:
    subject: str
    """Empty where the channel has none."""
    body: str
    language: str
    """Of LANGUAGES: in it the dates and the words for what is unknown are written, too."""
    template: Filled | None = None
    """The approved template that the body is made from; None: it is free text."""


def template_for(
    kind: NotificationType, channel: Channel, customer_language: str | None, tenant: Tenant
) -> Wording:
    """The tenant's text in the customer's language, else in its own, else our default.

    One statement, for the tenant in scope. The customer's language may be any tag, such as es-MX.
    """
    languages = _languages(customer_language, tenant)
    rows = _rows(kind, channel, languages)
    row = rows[0] if rows else default(kind, channel, languages[0])
    return Wording(row.subject, row.body, row.language)


def approved_for(
    kind: NotificationType, channel: Channel, customer_language: str | None, tenant: Tenant
) -> MessageTemplate | None:
    """The tenant's text, of the same languages, for which an approved template stands in."""
    rows = _rows(kind, channel, _languages(customer_language, tenant))
    return next((row for row in rows if row.goes_any_time), None)


def _languages(customer_language: str | None, tenant: Tenant) -> tuple[str, str]:
    own = known(tenant.locale)
    return known(customer_language, own), own


def _rows(
    kind: NotificationType, channel: Channel, languages: Sequence[str]
) -> list[MessageTemplate]:
    """What is stored in one of the languages, in their order."""
    query = select(MessageTemplate).where(
        MessageTemplate.type == kind.key,
        MessageTemplate.channel == channel.key,
        MessageTemplate.language.in_(languages),
    )
    stored = asked(
        ("templates", kind.key, channel.key, *languages), lambda: list(db.session.scalars(query))
    )
    return sorted(stored, key=lambda row: languages.index(row.language))


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

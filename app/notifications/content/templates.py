"""The tenant's texts, and ours where it has none."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from app.channels import CHOSEN, REMINDING
from app.channels.channel import Channel
from app.extensions import db
from app.lib.memo import memoized
from app.models import MessageTemplate, Tenant
from app.notifications.answers import ANSWERS
from app.notifications.content.template_languages import known
from app.notifications.types import TYPES
from app.notifications.types.notification_type import Kind

# All that goes out in the tenant's words.
KINDS: dict[str, Kind] = {**TYPES, **ANSWERS}


def template_for(
    kind: Kind, channel: Channel, customer_language: str | None, tenant: Tenant
) -> MessageTemplate:
    """The tenant's text in the customer's language, else in its own, else our default, which is
    not stored.

    One statement, for the tenant in scope. The customer's language may be any tag, such as es-MX.
    """
    return _first(kind, channel, _languages(customer_language, tenant))


def answer_in(kind: Kind, channel: Channel, language: str) -> MessageTemplate:
    """The tenant's text in the language of LANGUAGES, else our default in it: whoever was asked in
    a language is not answered in another."""
    return _first(kind, channel, [language])


def _first(kind: Kind, channel: Channel, languages: Sequence[str]) -> MessageTemplate:
    rows = _rows(kind, channel, languages)
    return rows[0] if rows else default(kind, channel, languages[0])


def approved_for(
    kind: Kind, channel: Channel, customer_language: str | None, tenant: Tenant
) -> MessageTemplate | None:
    """The tenant's text, of the same languages, for which an approved template stands in."""
    rows = _rows(kind, channel, _languages(customer_language, tenant))
    return next((row for row in rows if row.goes_any_time), None)


def _languages(customer_language: str | None, tenant: Tenant) -> tuple[str, str]:
    own = known(tenant.locale)
    return known(customer_language, own), own


def _rows(kind: Kind, channel: Channel, languages: Sequence[str]) -> list[MessageTemplate]:
    """What is stored in one of the languages, in their order."""
    question = ("templates", kind.key, channel.key, *languages)
    return memoized(question, lambda: _stored(kind, channel, languages))


def _stored(kind: Kind, channel: Channel, languages: Sequence[str]) -> list[MessageTemplate]:
    query = select(MessageTemplate).where(
        MessageTemplate.type == kind.key,
        MessageTemplate.channel == channel.key,
        MessageTemplate.language.in_(languages),
    )
    return sorted(db.session.scalars(query), key=lambda row: languages.index(row.language))


def spoken_on(kind: Kind) -> list[Channel]:
    """The channels on which it is said: customers are answered only where they can write."""
    if kind.answers:
        return [channel for channel in CHOSEN.values() if channel.two_way]
    return list(REMINDING.values())


def default(kind: Kind, channel: Channel, language: str) -> MessageTemplate:
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
    """What a new business begins with: each kind on each channel, in its own language."""
    for kind in KINDS.values():
        for channel in spoken_on(kind):
            yield default(kind, channel, known(tenant.locale))

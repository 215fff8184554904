"""A tenant admin's changes to the templates. The caller commits."""

from sqlalchemy import select

from app.channels import CHANNELS
from app.channels.channel import Channel
from app.extensions import db
from app.lib.mail.markup import as_text, safe
from app.lib.text.cleaning import clean
from app.models import MessageTemplate
from app.notifications.configure import template_choice
from app.notifications.configure.template_check import check
from app.notifications.configure.template_choice import StandIn
from app.notifications.content.templates import KINDS, default
from app.notifications.types.notification_type import Kind
from app.outbox.compose.manual_message import LONGEST_SUBJECT


class Wrong(ValueError):
    """What was given cannot be used."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors
        """What is wrong, by field; each says what to do."""


def tidy(text: str) -> str:
    """As it is stored: no blanks around it, and one kind of line break."""
    return clean(text).replace("\r\n", "\n").strip()


def write(
    template: MessageTemplate, subject: str, body: str, chosen: StandIn | None = None
) -> None:
    """Give the template another text, or raise Wrong and leave it as it is.

    What stands in for it outside the session window stays where nothing is chosen of it.
    """
    channel, kind = CHANNELS[template.channel], KINDS[template.type]
    subject = tidy(subject) if channel.has_subject else ""
    body = tidy(body)
    errors = problems(kind, channel, subject, body)
    if chosen:
        errors |= template_choice.problems(chosen, kind, channel)
    if errors:
        raise Wrong(errors)
    template.subject, template.body = subject, body
    if chosen:
        template.approved_id = chosen.approved_id
        template.gaps = dict(chosen.gaps) if chosen.approved_id else {}


def problems(kind: Kind, channel: Channel, subject: str, body: str) -> dict[str, str]:
    """What is wrong with a tidied text, by field; nothing: it can be sent."""
    found = {"body": _flaw(body, channel.max_length, kind)}
    # What is too long is not looked into: tags within tags take quadratic time.
    if channel.is_markup and not found["body"] and not as_text(safe(body)):
        found["body"] = "It says nothing. Write what the customer will read."
    if channel.has_subject:
        found["subject"] = _flaw(subject, LONGEST_SUBJECT, kind)
        if "\n" in subject:
            found["subject"] = "A subject is one line. Take the line break out."
    return {field: flaw for field, flaw in found.items() if flaw}


def _flaw(text: str, longest: int, kind: Kind) -> str:
    if len(text) > longest:
        return f"It is too long: {longest:,} characters at most."
    return " ".join(check(text, kind))


def restore(template: MessageTemplate) -> None:
    """Our own text again."""
    ours = default(KINDS[template.type], CHANNELS[template.channel], template.language)
    template.subject, template.body = ours.subject, ours.body


def add(kind: Kind, channel: Channel, language: str) -> MessageTemplate:
    """The template in a language of LANGUAGES: made from our text, or the one that is there."""
    query = select(MessageTemplate).where(
        MessageTemplate.type == kind.key,
        MessageTemplate.channel == channel.key,
        MessageTemplate.language == language,
    )
    template = db.session.scalar(query)
    if template is None:
        template = default(kind, channel, language)
        db.session.add(template)
    return template

"""A template's fields, as they are sent and told."""

from collections.abc import Mapping
from typing import Any

from flask import request

from app.channels import CHANNELS, CHOSEN
from app.channels.channel import Channel
from app.models import MessageTemplate
from app.notifications.configure.template_edit import Wrong
from app.notifications.content.template_languages import LANGUAGES
from app.notifications.content.templates import KINDS, spoken_on
from app.notifications.types.notification_type import Kind

STORED = ("subject", "body", "approved", "gaps")
NO_SUCH = "There is no such field. Leave it out."
CHOICES: dict[str, Mapping[str, object]] = {
    "type": KINDS,
    "channel": CHOSEN,
    "language": LANGUAGES,
}


def template_json(template: MessageTemplate) -> dict[str, Any]:
    """The template as a program reads it, and writes it back."""
    names = ("id", "type", "channel", "language", "subject", "body", "gaps")
    return {name: getattr(template, name) for name in names} | {"approved": template.approved_id}


def unknown_choices(values: dict[str, Any]) -> dict[str, str]:
    """By field, what names no type, channel or language."""
    known_as = ((field, str(values.get(field)), among) for field, among in CHOICES.items())
    unknown = {
        field: f"Give one of {', '.join(among)}."
        for field, value, among in known_as
        if value not in among
    }
    return unknown or _unspoken(KINDS[values["type"]], CHANNELS[values["channel"]])


def _unspoken(kind: Kind, channel: Channel) -> dict[str, str]:
    if channel in spoken_on(kind):
        return {}
    return {"channel": f"Nobody is answered by {channel.label}: answers to it come to you."}


def named(values: dict[str, Any]) -> MessageTemplate:
    """A template of that type, channel and language, which is not stored."""
    return MessageTemplate(**{field: str(values[field]) for field in CHOICES})


def only_known(given: Mapping[str, Any], template: MessageTemplate) -> None:
    """What a program names is to be stored, or is as it is: a misspelt name saves nothing.
    Raises Wrong."""
    told = template_json(template)
    wrong = {
        name: "It is not changed here. Leave it out." if name in told else NO_SUCH
        for name, value in given.items()
        if name not in STORED and not (name in told and value == told[name])
    }
    if request.is_json and wrong:
        raise Wrong(wrong)


def only_texts(**fields: Any) -> None:
    """Raises Wrong, by field, for what is no text."""
    wrong = {name: "Give a text." for name, text in fields.items() if not isinstance(text, str)}
    if wrong:
        raise Wrong(wrong)

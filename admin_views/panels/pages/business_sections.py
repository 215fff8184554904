"""The sections of a business's form, each with its fields."""

from collections.abc import Iterator
from typing import NamedTuple

from wtforms import Field, Form

from admin_views.panels.pages.kept_choices import FIELDS

SECTIONS = {
    "Your business": ("slug", "name", "timezone", "country", "locale", "currency"),
    "Texts": ("sms_from", "whatsapp_from", "whatsapp_falls_back", "sms_pace", "whatsapp_pace"),
    "RCS": ("rcs_sender", "messaging_service_sid"),
    "What a text costs": ("segment_price", "plain_characters"),
    "Appointments": ("manage_hours", "manage_moves"),
    "Calls": ("forward_calls_to", "screen_calls"),
    "Email": ("reply_to",),
    "Inbox": ("undo_seconds", "assigns_in_turn"),
    "Signing in": ("second_factor_required",),
    "Old messages": ("messages_kept_years",),
    "What else grows old": tuple(FIELDS),
    "Twilio account of its own": ("twilio_account_sid", "twilio_auth_token"),
    "What it may cost us": ("open_countries", "segments_a_day", "calls_a_day", "strangers_a_day"),
}
# A rate limit is asked for beside its number alone.
PACES = {"sms_pace": "sms_from", "whatsapp_pace": "whatsapp_from"}


class Section(NamedTuple):
    id: str
    title: str
    fields: list[Field]


def sections(form: Form) -> Iterator[Section]:
    """Those that have a field in the form."""
    for title, names in SECTIONS.items():
        fields = [form[name] for name in names if name in form and _shown(form, name)]
        if fields:
            yield Section(title.lower().replace(" ", "-"), title, fields)


def _shown(form: Form, name: str) -> bool:
    return name not in PACES or bool(form[PACES[name]].data)

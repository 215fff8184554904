"""How the pages say what is known of a person."""

import json
from datetime import datetime
from enum import Enum
from typing import Any

from admin_views.labels import APPOINTMENT, CALL, CHANNEL, DIRECTION, STATUS, sentence
from admin_views.numbers import pretty
from admin_views.times import shown
from app.models import Erasure, ErasureState
from app.privacy.own_data import Section
from app.privacy.personal_data import PERSONAL

# Of a section so many on the page; the file has all.
MOST = 200
# What a person reads in full.
LONG = frozenset({"body", "whole", "notes", "payload", "facts", "changes", "values", "said"})
LABELS = {
    "at": "When",
    "created_at": "When",
    "started_at": "When",
    "duration_minutes": "Minutes",
    "duration_seconds": "Seconds",
    "sender": "From",
    "recipient": "To",
    "caller": "From",
    "author_id": "Written by",
    "user_id": "By",
    "recipient_id": "To",
    "assignee_id": "Assigned to",
    "service_id": "Service",
    "staff_member_id": "With",
    "label_id": "Label",
    "body": "Text",
    "whole": "Text",
    "opened_at": "Opened",
    "kind": "What",
    "type": "What",
    "ip": "IP address",
    "external_id": "Number in the business’s books",
}
WORDS: dict[tuple[str, str], dict[Any, str]] = {
    ("message", "status"): {key.value: word for key, word in STATUS.items()},
    ("message_event", "status"): {key.value: word for key, word in STATUS.items()},
    ("message", "direction"): DIRECTION,
    ("appointment", "status"): APPOINTMENT,
    ("call", "outcome"): CALL,
}
# A table is called as its section on the page.
TITLES = {kind.__tablename__: trace.title for kind, trace in PERSONAL.items() if trace.title}
# Where the same column means something else.
KNOWN_SINCE = ("customer", "contact_point")


def label(section: Section, column: str) -> str:
    if column == "created_at" and section.table in KNOWN_SINCE:
        return "Known since"
    return LABELS.get(column) or sentence(column.removesuffix("_at"))


def value(section: Section, column: str, found: Any) -> str:
    """As a person reads it; empty: there is nothing to read."""
    plain = found.value if isinstance(found, Enum) else found
    if plain in (None, "", [], {}):
        return ""
    if isinstance(plain, datetime):
        return shown(plain)
    if column in ("channel", "preferred_channel"):
        return CHANNEL.get(plain, str(plain))
    if table := WORDS.get((section.table, column)):
        return table.get(plain, str(plain))
    if isinstance(plain, bool):
        return "Yes" if plain else "No"
    if isinstance(plain, list | dict):
        return json.dumps(plain, ensure_ascii=False, indent=1, default=str)
    return (
        pretty(str(plain)) if column in ("address", "sender", "recipient", "caller") else str(plain)
    )


def counts(gone: dict[str, int]) -> list[tuple[str, int]]:
    """What goes or has gone, by title, in the order of the page."""
    return [(title, gone[table]) for table, title in TITLES.items() if gone.get(table)]


def state(erasure: Erasure) -> str:
    """How far it is, in a sentence."""
    if erasure.state == ErasureState.DONE and erasure.done_at:
        return f"Erased {shown(erasure.done_at)}."
    if erasure.state == ErasureState.FORGOTTEN:
        return f"Erased, and going through archives. {erasure.waits}".strip()
    return erasure.waits or "Being erased. Nothing is sent to them any more."

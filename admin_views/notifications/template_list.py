"""The list of templates on the page of automatic messages."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin_views.frame import business
from app.extensions import db
from app.models import MessageTemplate
from app.notifications.answers import ANSWERS
from app.notifications.content.template_languages import LANGUAGES, known
from app.notifications.content.templates import spoken_on
from app.notifications.types import TYPES

MESSAGES = (
    "A customer is written to in their own language where there is a text in it, else in yours."
)
REPLIES = (
    "Go out at once when a customer's answer to a confirmation or a reminder is understood, in the"
    " language of what they answer: your text in it, or else ours. What is not understood waits"
    " for you in the inbox."
)


def listed() -> dict[str, Any]:
    """What the list of templates shows: by type and channel, the business's own language first, and
    what can be added to them."""
    query = select(MessageTemplate).options(joinedload(MessageTemplate.approved))
    foreign = MessageTemplate.language != known(business().locale)
    rows = db.session.scalars(query.order_by(foreign, MessageTemplate.language))
    by_kind: dict[tuple[str, str], list[MessageTemplate]] = {}
    for row in rows:
        by_kind.setdefault((row.type, row.channel), []).append(row)
    return {
        "groups": [
            ("messages", "What they say", MESSAGES, TYPES.values()),
            ("answers", "What customers are answered", REPLIES, ANSWERS.values()),
        ],
        "spoken_on": spoken_on,
        "languages": LANGUAGES,
        "stored": by_kind,
    }

"""An approved WhatsApp template with its gaps filled: what may be sent at any time."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.extensions import db
from app.lib.text.cleaning import clean, one_line
from app.lib.text.placeholders import filled
from app.models import Message, WhatsappTemplate
from app.outbox.refused import Refused

# Beyond it WhatsApp refuses (Twilio, 63021).
LONGEST = 1024


@dataclass(frozen=True)
class Filled:
    content_sid: str
    variables: dict[str, str]
    text: str
    """What the customer reads."""

    @classmethod
    def of(cls, message: Message) -> "Filled | None":
        """What the message was made from; None for free text."""
        if message.content_sid is None:
            return None
        return cls(message.content_sid, message.content_variables or {}, message.body)


def fill(template_id: int, values: Mapping[str, str]) -> Filled:
    """The tenant's template with a value in each gap. Raises Refused."""
    template = db.session.get(WhatsappTemplate, template_id)
    if template is None:
        raise Refused("This template is gone. Choose another.")
    if template.refused:
        raise Refused(
            f"WhatsApp takes nothing made from this template: it {template.refused}. Choose"
            " another. Once it is approved again, it can be used within an hour."
        )
    # WhatsApp takes neither line breaks nor runs of blanks in a value.
    given = {gap: one_line(clean(values.get(gap, ""))) for gap in template.variables}
    if any(len(value) > LONGEST for value in given.values()):
        raise Refused(f"One of the values is too long; a template takes {LONGEST:,} characters.")
    if empty := [gap for gap, value in given.items() if not value]:
        raise Refused(f"Fill in {{{{{empty[0]}}}}}: WhatsApp takes no template with a gap.")
    text = filled(template.body, given)
    if len(text) > LONGEST:
        raise Refused(f"The text has {len(text):,} characters; a template takes {LONGEST:,}.")
    return Filled(template.content_sid, given, text)

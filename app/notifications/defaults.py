"""What a new business's automatic messages say until it writes its own."""

from collections.abc import Iterator

from app.models import MessageTemplate
from app.notifications.types import TYPES

CHANNELS = ("sms", "whatsapp", "email")


def templates() -> Iterator[MessageTemplate]:
    """One template for each type and channel."""
    for type_ in TYPES.values():
        subject, body = type_.texts["en"]
        for channel in CHANNELS:
            yield MessageTemplate(
                type=type_.key,
                channel=channel,
                subject=subject if channel == "email" else "",
                body=body,
            )

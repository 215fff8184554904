"""What the customer asked last and nobody answered, or said that it needs no answer."""

from collections.abc import Iterator
from datetime import datetime

from app.lib.text.cleaning import preview
from app.lib.time.business_time import BusinessTime
from app.memory.customer_history import Asked
from app.memory.memory_line import Line, Place


def asked_lines(asked: Asked | None, there: BusinessTime, now: datetime) -> Iterator[Line]:
    if asked and asked.message:
        words = preview(asked.excerpt) or "A message without words"
        at = there.brief(asked.message.created_at, now)
        source = f"their message, {at}"
        yield Line("Not answered", words, source, Place.THREAD, asked.message.id, needs_us=True)
    if asked and asked.called_at:
        told = f"They rang {there.near(asked.called_at, now)}, and nobody took it"
        yield Line("Not called back", told, "the conversation", Place.THREAD, needs_us=True)

"""The list of conversations, asked for alone."""

from datetime import datetime

from app.inbox import conversations
from app.inbox.conversations import Cursor, Filter, Page


def page(wanted: Filter, place: Cursor | None = None, *, now: datetime) -> Page:
    return conversations.asked_page(wanted, place, now=now).answer

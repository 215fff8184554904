"""What became of an automatic message, as a person reads it."""

from dataclasses import dataclass

from admin_views.times import shown
from admin_views.words import STATUS
from app.models import Notification, NotificationStatus

WORDS = {
    NotificationStatus.PLANNED: "Planned",
    NotificationStatus.SENT: "Sent",
    NotificationStatus.SKIPPED: "Not sent",
    NotificationStatus.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class Fate:
    state: str
    """For the colour of its label."""
    word: str
    why: str
    """In a few words; app/notifications/why.py says it whole, and what is to come."""


def fate(row: Notification) -> Fate:
    """A word and the reason; of what was sent, how far its message has come."""
    if row.status == NotificationStatus.PLANNED:
        return Fate(
            row.status, WORDS[NotificationStatus.PLANNED], f"It is due {shown(row.due_at)}."
        )
    if row.status == NotificationStatus.SENT and row.message:
        return Fate(row.message.status, STATUS[row.message.status], row.reason)
    return Fate(row.status, WORDS[NotificationStatus(row.status)], row.reason)

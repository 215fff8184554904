"""What became of an automatic message, as a person reads it."""

from dataclasses import dataclass

from admin_views.labels import STATUS
from admin_views.times import shown
from app.models import Notification, NotificationStatus

WORDS = {
    NotificationStatus.PLANNED: "Planned",
    NotificationStatus.SENT: "Sent",
    NotificationStatus.SKIPPED: "Not sent",
    NotificationStatus.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class NotificationOutcome:
    state: str
    """For the colour of its label."""
    word: str
    why: str
    """In a few words; app/notifications/forecast/why.py says it whole, and what is to come."""


def outcome_of(row: Notification) -> NotificationOutcome:
    """A word and the reason; of what was sent, how far its message has come."""
    if row.status == NotificationStatus.PLANNED:
        return NotificationOutcome(
            row.status, WORDS[NotificationStatus.PLANNED], f"It is due {shown(row.due_at)}."
        )
    if row.status == NotificationStatus.SENT and row.message:
        return NotificationOutcome(row.message.status, STATUS[row.message.status], row.reason)
    return NotificationOutcome(row.status, WORDS[NotificationStatus(row.status)], row.reason)

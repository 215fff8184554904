"""What will become of a planned notification, as things stand."""

from datetime import datetime

from app.models import Notification
from app.notifications.causes import Hindrance
from app.notifications.decision.decide import Send, Wait, decide


def foresee(row: Notification, now: datetime) -> tuple[datetime, Send | Hindrance]:
    """When the planned notification is decided at last, and how. Writes nothing."""
    at = max(row.due_at, now)
    while isinstance(verdict := decide(row, at), Wait):
        at = verdict.until
    return at, verdict

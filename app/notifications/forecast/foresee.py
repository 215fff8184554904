"""What will become of a planned notification, as things stand."""

from datetime import datetime

from app.models import Notification
from app.notifications.causes import Hindrance
from app.notifications.decision.decide import Send, Wait, decide
from app.notifications.decision.joined import company_rows, decide_together


def foresee(row: Notification, now: datetime) -> tuple[datetime, Send | Hindrance]:
    """When the planned notification is decided at last, and how: with its company where the first
    of that goes, which may be sooner. Writes nothing."""
    at, alone = _alone(row, now)
    others = company_rows(row) if isinstance(alone, Send) else []
    if not others:
        return at, alone
    going = {each: when for each in others if (when := _goes(each, now))} | {row: at}
    first = min(going, key=lambda each: (going[each], each.due_at, each.id))
    rest = [each for each in going if each is not first]
    whole = decide_together(first, going[first], rest)
    if isinstance(whole, Send) and row in whole.rows:
        return going[first], whole
    return at, alone


def _goes(row: Notification, now: datetime) -> datetime | None:
    at, verdict = _alone(row, now)
    return at if isinstance(verdict, Send) else None


def _alone(row: Notification, now: datetime) -> tuple[datetime, Send | Hindrance]:
    at = max(row.due_at, now)
    while isinstance(verdict := decide(row, at), Wait):
        at = verdict.until
    return at, verdict

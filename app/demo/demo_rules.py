"""Two of the demo business's ready-made rules are on, and have done something."""

from datetime import datetime, timedelta

from sqlalchemy import update

from app.automation import collect, judge
from app.extensions import db
from app.models import AutomationRule

ON = ("Missed call", "New customer")
# After an answer to a reminder would have been read.
AFTER = timedelta(minutes=2)


def turn_on(at: datetime) -> None:
    some = update(AutomationRule).where(AutomationRule.name.in_(ON))
    db.session.execute(some.values(enabled=True, enabled_at=at))
    db.session.commit()


def look(at: datetime) -> None:
    """What happened until then is judged."""
    collect.collect(at + AFTER)
    judge.judge(at + AFTER)

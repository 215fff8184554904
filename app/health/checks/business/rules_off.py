"""Whether a rule has turned itself off: what it names is gone, or it went round in a circle."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.models import AutomationRule

NEXT = "Look at it under Setup, Automation, change what is wrong, and turn it on again."


def look(now: datetime) -> Verdict:
    query = select(AutomationRule).where(~AutomationRule.enabled, AutomationRule.off_reason != "")
    off = db.session.scalars(query.order_by(AutomationRule.position, AutomationRule.id)).all()
    if not off:
        return ok("No rule has turned itself off.")
    told = (f"The rule “{rule.name}” has turned itself off. {rule.off_reason}" for rule in off)
    return warning(" ".join(told), NEXT)


CHECK = Check("rules_off", 120, "Whether a rule has turned itself off.", look)

"""Whether the business's own systems take what they are told (webhooks)."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.automation.webhooks.endpoints import BY_HAND
from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.lib.time.clock import lasted
from app.models import WebhookEndpoint

# A restart there is no news: what failed goes again after 5 seconds, and after 5 minutes.
PATIENCE = timedelta(minutes=5)
NEXT = (
    "Open it under Setup, Webhooks: its log says what was answered. What failed goes again by"
    " itself for three days, and later by “Send again”."
)


def look(now: datetime) -> Verdict | None:
    """None where there are none."""
    endpoints = db.session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.id)).all()
    told = [said for each in endpoints if (said := _told(each, now))]
    if told:
        return warning(" ".join(told), NEXT)
    return ok("Your own systems take what they are told.") if endpoints else None


def _told(endpoint: WebhookEndpoint, now: datetime) -> str:
    """Empty: it is well, or an admin turned it off."""
    if endpoint.disabled_at:
        by_hand = endpoint.disabled_reason == BY_HAND
        return "" if by_hand else f"“{endpoint.name}” is off. {endpoint.disabled_reason}"
    since = endpoint.failing_since
    if since is None or now - since < PATIENCE:
        return ""
    return f"“{endpoint.name}” has taken nothing of what it was told for {lasted(now - since)}."


CHECK = Check("webhooks", 110, "Whether your own systems take your webhooks.", look)

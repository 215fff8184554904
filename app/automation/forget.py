"""Housekeeping: what happened long ago is forgotten, with what rules and webhooks made of it."""

from datetime import datetime, timedelta

from app.housekeeping import delete_old
from app.models import AutomationEvent, DeliveryStatus, WebhookDelivery

KEPT = timedelta(days=90)
DELIVERIES_KEPT = timedelta(days=30)
OVER = (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED)


def forget(now: datetime) -> None:
    """Delete events older than KEPT, of all tenants, with their runs, and deliveries that have been
    over for DELIVERIES_KEPT; some at a time, each time committed."""
    judged = AutomationEvent.judged_at.is_not(None)
    over = WebhookDelivery.status.in_(OVER)
    delete_old(AutomationEvent, (AutomationEvent.at < now - KEPT) & judged)
    delete_old(WebhookDelivery, (WebhookDelivery.created_at < now - DELIVERIES_KEPT) & over)

"""Endpoints and deliveries as the page tells them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from admin_views.labels import HAPPENED
from app.automation.webhooks.resend import TEST
from app.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint

STATUS = {
    DeliveryStatus.WAITING: "Waiting",
    DeliveryStatus.SENDING: "On its way",
    DeliveryStatus.DELIVERED: "Delivered",
    DeliveryStatus.FAILED: "Failed",
}
# What failed in so many hours is sent again.
PERIODS = {24: "24 hours", 72: "3 days", 720: "30 days"}
SOON = timedelta(minutes=1)


def event(type_: str) -> str:
    """As a person says it; a rule's own word stays as it is."""
    return "Test" if type_ == TEST else HAPPENED.get(type_, type_)


def events(types: Sequence[str]) -> str:
    """What it is told of, in a sentence."""
    if len(types) == len(HAPPENED):
        return "Told of everything."
    said = [event(each)[0].lower() + event(each)[1:] for each in types]
    return f"Told when {', '.join(said)}." if said else "Told by rules alone."


def state(endpoint: WebhookEndpoint) -> str:
    """on, failing or off."""
    if endpoint.disabled_at:
        return "off"
    return "failing" if endpoint.failing_since else "on"


def result(row: WebhookDelivery) -> str:
    """What the last attempt came to; empty: there was none."""
    if row.error:
        return row.error
    return f"It answered {row.answered}." if row.answered else ""


def under_way(row: WebhookDelivery, now: datetime) -> bool:
    """Whether more is known of it in a moment."""
    waits = row.status == DeliveryStatus.WAITING and row.next_at < now + SOON
    return waits or row.status == DeliveryStatus.SENDING

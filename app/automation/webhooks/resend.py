"""What a person sends again, or to try: one delivery, all that failed in a time, a test event."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from app.automation.webhooks import transitions
from app.automation.webhooks.deliver import deliver
from app.extensions import db
from app.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint

TEST = "webhook.test"


def send_test(endpoint_id: int, now: datetime) -> None:
    """Raises NoEndpoint."""
    told = {"message": "This is a test."}
    deliver(endpoint_id, TEST, told, now, f"test_{uuid.uuid4().hex}", now)


def again(delivery_id: int, now: datetime) -> bool:
    """Under the same webhook-id, so that its receiver knows what it has. False where it is under
    way already, or its endpoint is off."""
    return _resent([WebhookDelivery.id == delivery_id], now) == 1


def failed_since(endpoint_id: int, since: datetime, now: datetime) -> int:
    """All that failed and were made since then; how many."""
    mine = WebhookDelivery.endpoint_id == endpoint_id
    failed = WebhookDelivery.status == DeliveryStatus.FAILED
    return _resent([mine, failed, WebhookDelivery.created_at >= since], now)


def _resent(which: list[ColumnElement[bool]], now: datetime) -> int:
    moved = transitions.resend([*which, _on()], now)
    return len(db.session.scalars(moved.returning(WebhookDelivery.id)).all())


def _on() -> ColumnElement[bool]:
    endpoint = select(WebhookEndpoint.id).where(
        WebhookEndpoint.id == WebhookDelivery.endpoint_id, WebhookEndpoint.disabled_at.is_(None)
    )
    return exists(endpoint.where(WebhookEndpoint.tenant_id == WebhookDelivery.tenant_id))

"""What the tests of webhooks look at."""

import json
from typing import Any

from sqlalchemy import select

from app.automation.webhooks.deliver import deliver
from app.extensions import db
from app.models import WebhookDelivery, WebhookEndpoint
from app.tenancy import tenant_scope
from tests.support.listener import Listener
from tests.support.world import NOON, Business


def tell(owner: Business, endpoint_id: int, *webhook_ids: str) -> None:
    """One delivery for each."""
    with tenant_scope(owner.id):
        for webhook_id in webhook_ids:
            deliver(endpoint_id, "message.received", {"n": webhook_id}, NOON, webhook_id, NOON)
        db.session.commit()


def deliveries(owner: Business, endpoint_id: int) -> list[WebhookDelivery]:
    db.session.rollback()
    with tenant_scope(owner.id):
        query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
        rows = db.session.scalars(query.order_by(WebhookDelivery.id)).all()
        for row in rows:
            db.session.refresh(row)
        db.session.expunge_all()
        return list(rows)


def endpoint(owner: Business, endpoint_id: int) -> WebhookEndpoint:
    db.session.rollback()
    with tenant_scope(owner.id):
        row = db.session.get_one(WebhookEndpoint, endpoint_id)
        db.session.refresh(row)
        db.session.expunge_all()
        return row


def heard(server: Listener) -> list[tuple[dict[str, str], str]]:
    """Headers, in small letters, and body of each request."""
    return [_parsed(each) for each in server.requests]


def ids(server: Listener) -> list[str]:
    return [headers["webhook-id"] for headers, _ in heard(server)]


def data(body: str) -> Any:
    return json.loads(body)["data"]


def _parsed(request: bytes) -> tuple[dict[str, str], str]:
    head, _, body = request.decode().partition("\r\n\r\n")
    lines = (line.partition(": ") for line in head.split("\r\n")[1:])
    return {name.lower(): value for name, _, value in lines}, body

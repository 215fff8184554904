"""What an endpoint is to be told becomes a row, in the transaction of what it tells of; a worker
sends it (send_deliveries.py).

Of events the database writes it by itself (triggers, docs/adr/0020-told-by-triggers.md); here is
what a rule or a person sends. Whoever commits then enqueues SEND_WEBHOOKS.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.automation.webhooks import transitions
from app.extensions import db
from app.models import AutomationEvent, WebhookEndpoint

# Standard Webhooks, «Payload size».
LARGEST_PAYLOAD = 20 * 1024
# Of an event's facts, those that are no person's words.
FACTS = ("starts_at", "was", "status", "label_id", "answer", "outcome")
IDS = ("customer_id", "message_id", "appointment_id", "call_id")


class NoEndpoint(Exception):
    """The endpoint is gone or turned off; the text tells a person."""


class TooLarge(ValueError):
    """The payload is larger than receivers have to take."""


def deliver(
    endpoint_id: int,
    type_: str,
    data: Mapping[str, Any],
    at: datetime,
    webhook_id: str,
    now: datetime,
) -> None:
    """Tell an endpoint of the tenant in scope what happened at that time; of a webhook_id once.

    Raises NoEndpoint and TooLarge.
    """
    # Nobody removes it before our commit.
    stays = {"read": True, "key_share": True}
    endpoint = db.session.get(WebhookEndpoint, endpoint_id, with_for_update=stays)
    if endpoint is None or endpoint.disabled_at:
        what = "removed" if endpoint is None else "turned off"
        raise NoEndpoint(f"The webhook was {what}.")
    about = {"type": type_, "payload": payload(type_, data, at), "webhook_id": webhook_id}
    row = transitions.enter(endpoint_id=endpoint_id, **about, next_at=now, created_at=now)
    db.session.execute(row)


def thin(event: AutomationEvent) -> dict[str, Any]:
    """The event without anybody's words, as its own webhook tells it: ids as strings, and what was
    so at that moment."""
    ids = {name: str(id_) for name in IDS if (id_ := getattr(event, name)) is not None}
    facts = {name: event.facts[name] for name in FACTS if event.facts.get(name) is not None}
    return {"event_id": str(event.id), **ids, **facts, "origin": event.origin}


def payload(type_: str, data: Mapping[str, Any], at: datetime) -> str:
    """The body as it is signed and sent. Raises TooLarge."""
    body = {"type": type_, "timestamp": at.isoformat(timespec="milliseconds"), "data": data}
    text = json.dumps(body, separators=(",", ":"))
    if len(text) > LARGEST_PAYLOAD:
        raise TooLarge(f"It is larger than {LARGEST_PAYLOAD // 1024} kB.")
    return text

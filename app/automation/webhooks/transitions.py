"""The life of a webhook's delivery: its states, the moves between them, and each move's guard.

Rows are moved by conditional UPDATEs (compare and set), as messages are; nothing else writes
WebhookDelivery.status (tests/architecture/test_transitions.py).
docs/architecture.md has the picture, made by `python -m scripts.state_diagrams`.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, update
from sqlalchemy.dialects.postgresql import Insert, insert

from app.lib.state_machine import Move
from app.models import DeliveryStatus as Status
from app.models import WebhookDelivery
from app.tenancy import current_tenant_id

STATES = {
    Status.WAITING: "waits for its next attempt",
    Status.SENDING: "somebody holds it under a lease, and may have called",
    Status.DELIVERED: "the endpoint answered 2xx",
    Status.FAILED: "it is not tried any more; the reason is in `error`",
}

MOVES = {
    "enter": Move((), (Status.WAITING,), "an event, a rule or a person tells the endpoint"),
    "claim": Move((Status.WAITING,), (Status.SENDING,), "a worker takes a lease, and calls"),
    "deliver": Move((Status.SENDING,), (Status.DELIVERED,), "a good answer"),
    "retry": Move((Status.SENDING,), (Status.WAITING,), "no good answer; later again"),
    "expire_lease": Move((Status.SENDING,), (Status.WAITING,), "whoever held it is dead"),
    "give_up": Move((Status.SENDING,), (Status.FAILED,), "the last attempt, or gone for good"),
    "withdraw": Move((Status.WAITING,), (Status.FAILED,), "the endpoint was turned off"),
    "resend": Move((Status.DELIVERED, Status.FAILED), (Status.WAITING,), "a person asks for it"),
}

# Nobody holds it any more.
FREE = {"claim": None, "lease_until": None}

Which = Sequence[ColumnElement[bool]]


def enter(**columns: Any) -> Insert:
    """Insert the row, unless its endpoint was told of the same already."""
    row = insert(WebhookDelivery).values(
        tenant_id=current_tenant_id(), status=Status.WAITING, **columns
    )
    return row.on_conflict_do_nothing()


def claim(which: Which, now: datetime, lease_until: datetime) -> Update:
    attempt = {"attempts": WebhookDelivery.attempts + 1, "attempted_at": now}
    held = {"claim": uuid.uuid4(), "lease_until": lease_until}
    return _move("claim", Status.SENDING, which, **attempt, **held)


def deliver(held: Which, **facts: Any) -> Update:
    """Facts: what was answered, and how long it took."""
    return _move("deliver", Status.DELIVERED, held, error="", **facts, **FREE)


def retry(held: Which, at: datetime, error: str, **facts: Any) -> Update:
    return _move("retry", Status.WAITING, held, next_at=at, error=error, **facts, **FREE)


def expire_lease(now: datetime) -> Update:
    """All whose lease is over: they may have come, and go again under the same webhook-id."""
    return _move("expire_lease", Status.WAITING, [WebhookDelivery.lease_until < now], **FREE)


def give_up(held: Which, error: str, **facts: Any) -> Update:
    return _move("give_up", Status.FAILED, held, error=error, **facts, **FREE)


def withdraw(which: Which, error: str) -> Update:
    return _move("withdraw", Status.FAILED, which, error=error)


def resend(which: Which, now: datetime) -> Update:
    """All attempts begin anew."""
    return _move("resend", Status.WAITING, which, next_at=now, attempts=0, error="")


def _move(name: str, status: Status, which: Which, **values: Any) -> Update:
    origins = WebhookDelivery.status.in_(MOVES[name].origins)
    statement = update(WebhookDelivery).where(origins, *which).values(status=status, **values)
    return statement.execution_options(synchronize_session=False)

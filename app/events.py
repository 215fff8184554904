"""Domain events (transactional outbox): what happened is a row, written in the transaction that
made it happen. The database writes beside it what endpoints are to be told (outgoing webhooks), in
the same transaction; rules read the rows later (app/automation).

Messages and calls that come in, and messages that fail, are not told here: their rows are found
(app/automation/collect.py), so that no webhook waits for it.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select

from app.extensions import db
from app.models import AutomationEvent, EventType, Origin, WebhookDelivery, WebhookEndpoint


@dataclass(frozen=True)
class Acting:
    """On whose behalf this thread changes things."""

    origin: Origin | None = Origin.STAFF
    """None: nobody's, and nothing is told."""
    cause_id: int | None = None
    """The event whose rule does it."""
    depth: int = 0
    by_link: bool = False
    """Whether the customer does it by a link, and not by what they write."""


STAFF = Acting()
_acting: ContextVar[Acting] = ContextVar("acting", default=STAFF)


@contextmanager
def acting(origin: Origin | None, cause: AutomationEvent | None = None) -> Iterator[None]:
    """What happens inside was made to happen by them; by a rule's event, where there is a cause."""
    depth = cause.depth + 1 if cause else 0
    token = _acting.set(Acting(origin, cause.id if cause else None, depth))
    try:
        yield
    finally:
        _acting.reset(token)


@contextmanager
def by_link() -> Iterator[None]:
    """What happens inside is the customer's doing, by a link that they have."""
    token = _acting.set(Acting(Origin.CUSTOMER, by_link=True))
    try:
        yield
    finally:
        _acting.reset(token)


def done_by_link() -> bool:
    """Whether this thread does what a customer wants by a link."""
    return _acting.get().by_link


def told_by() -> Origin | None:
    """On whose behalf this thread changes things; None: nobody's, and nothing is told."""
    return _acting.get().origin


def record(
    type_: EventType,
    customer_id: int,
    at: datetime,
    *,
    message_id: int | None = None,
    appointment_id: int | None = None,
    undone_within: timedelta = timedelta(0),
    **facts: Any,
) -> None:
    """Part of the caller's transaction, for the tenant in scope; nothing while an import acts.

    undone_within: so long it waits, for a person may take back what they did. Facts are JSON.
    """
    doer = _acting.get()
    if doer.origin is None:
        return
    db.session.add(
        AutomationEvent(
            type=type_,
            customer_id=customer_id,
            message_id=message_id,
            appointment_id=appointment_id,
            facts=facts,
            origin=doer.origin,
            cause_id=doer.cause_id,
            depth=doer.depth,
            at=at,
            due_at=at + undone_within,
        )
    )


def take_back(happened: Collection[AutomationEvent]) -> bool:
    """Forget these, which were undone, unless somebody was told of one of them: a rule, or an
    endpoint. False where they stay. Part of the caller's transaction."""
    ids = [event.id for event in happened]
    locked = select(AutomationEvent).where(AutomationEvent.id.in_(ids)).with_for_update()
    fresh = db.session.scalars(locked.execution_options(populate_existing=True)).all()
    told = any(event.judged_at for event in fresh)
    if not fresh or told or any(each.attempts for each in _deliveries(ids)):
        return False
    db.session.execute(delete(WebhookDelivery).where(*_of(ids)))
    db.session.execute(delete(AutomationEvent).where(AutomationEvent.id.in_(ids)))
    return True


def _deliveries(ids: Collection[int]) -> Sequence[WebhookDelivery]:
    """Nobody claims them before the caller's commit."""
    return db.session.scalars(select(WebhookDelivery).where(*_of(ids)).with_for_update()).all()


def _of(ids: Collection[int]) -> list[ColumnElement[bool]]:
    """The condition that a delivery tells of one of these events; by endpoint, as the key is."""
    return [
        WebhookDelivery.endpoint_id.in_(select(WebhookEndpoint.id)),
        WebhookDelivery.webhook_id.in_([f"evt_{id_}" for id_ in ids]),
    ]

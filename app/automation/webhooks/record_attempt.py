"""Writes down what came of an attempt, by compare and set: only the claim's holder may."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Update, case, func, update

from app import tasks
from app.automation.webhooks import endpoints, transitions
from app.automation.webhooks.claim_deliveries import Claimed
from app.automation.webhooks.retry_schedule import next_attempt, quiet_until
from app.automation.webhooks.webhook_call import GONE, Attempt
from app.emails import queue
from app.emails.kinds import webhook_disabled
from app.extensions import db
from app.models import Tenant, WebhookDelivery, WebhookEndpoint
from app.tenancy import tenant_scope
from app.users.user_access import admins

# Every attempt failed for so long: nobody is there any more.
PATIENCE = timedelta(days=5)
# An endpoint that does not answer is left in peace for so long: at first, and later.
BRIEF, LONG = timedelta(seconds=5), timedelta(minutes=1)
DEAD = "No attempt succeeded for five days."
FAULT = "It was not sent because of a fault of ours."
KIND = webhook_disabled.KIND


def record(delivery: Claimed, attempt: Attempt, now: datetime) -> None:
    """Commits."""
    told = False
    with tenant_scope(delivery.tenant_id):
        if attempt.delivered:
            _delivered(delivery, attempt)
        else:
            told = _failed(delivery, attempt, now)
        db.session.commit()
    if told:
        tasks.enqueue(tasks.Task.SEND_USER_EMAILS)


def broke(delivery: Claimed, now: datetime) -> None:
    """Our own code broke over it; the endpoint is not to blame."""
    again = next_attempt(delivery.attempts, now)
    held = _held(delivery)
    move = transitions.retry(held, again, FAULT) if again else transitions.give_up(held, FAULT)
    with tenant_scope(delivery.tenant_id):
        db.session.execute(move)
        db.session.commit()


def _delivered(delivery: Claimed, attempt: Attempt) -> None:
    if _moved(transitions.deliver(_held(delivery), **attempt.facts)):
        _endpoint(delivery, failing_since=None, quiet_until=None)


def _failed(delivery: Claimed, attempt: Attempt, now: datetime) -> bool:
    """Whether admins are told that it was turned off."""
    quiet = quiet_until(attempt.retry_after, now)
    if not _moved(_after(delivery, attempt, now, quiet)):
        return False
    since = func.coalesce(WebhookEndpoint.failing_since, now)
    silent = attempt.answer is None
    until = _while_silent(now) if silent else func.coalesce(quiet, WebhookEndpoint.quiet_until)
    failing_since = _endpoint(delivery, failing_since=since, quiet_until=until)
    if attempt.gone:
        return _turn_off(delivery, GONE, now)
    dead = failing_since is not None and failing_since <= now - PATIENCE
    return dead and _turn_off(delivery, DEAD, now)


def _while_silent(now: datetime) -> ColumnElement[datetime]:
    """Whoever does not answer is not asked for each that waits, as each question takes its time."""
    first = WebhookEndpoint.failing_since.is_(None)
    return case((first, now + BRIEF), else_=now + LONG)


def _after(delivery: Claimed, attempt: Attempt, now: datetime, quiet: datetime | None) -> Update:
    again = None if attempt.gone else next_attempt(delivery.attempts, now)
    if again is None:
        return transitions.give_up(_held(delivery), attempt.error, **attempt.facts)
    at = max(again, quiet or again)
    return transitions.retry(_held(delivery), at, attempt.error, **attempt.facts)


def _held(delivery: Claimed) -> list[ColumnElement[bool]]:
    """The condition that we still hold it."""
    return [WebhookDelivery.id == delivery.id, WebhookDelivery.claim == delivery.claim]


def _moved(move: Update) -> bool:
    return db.session.scalar(move.returning(WebhookDelivery.id)) is not None


def _endpoint(delivery: Claimed, **values: Any) -> datetime | None:
    """Since when it fails, after the change."""
    change = update(WebhookEndpoint).where(WebhookEndpoint.id == delivery.endpoint_id)
    moved = change.values(**values).returning(WebhookEndpoint.failing_since)
    return db.session.scalar(moved.execution_options(synchronize_session=False))


def _turn_off(delivery: Claimed, reason: str, now: datetime) -> bool:
    """Whether an email to the admins was written."""
    if not endpoints.disable(delivery.endpoint_id, reason, now):
        return False
    tenant = db.session.get_one(Tenant, delivery.tenant_id)
    endpoint = db.session.get_one(WebhookEndpoint, delivery.endpoint_id)
    values = {"business": tenant.name, "webhook": endpoint.name, "reason": reason}
    told = [queue.write(each, KIND, values, now) for each in admins()]
    return any(told)

"""Somebody presses “Check now”: a row says so until a worker has looked, who asks Twilio in their
place."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.health import results
from app.models import HealthRequest, Tenant
from app.tasks import Task, enqueue
from app.tenancy import current_tenant_id, unscoped

# Those who only wait for their hour come after.
BEFORE_OTHERS = timedelta(hours=1)


def of_business(now: datetime) -> None:
    """Have the business in scope looked at, committed; who asks again meanwhile waits for the
    same."""
    tenant_id = current_tenant_id()
    _ask(tenant_id, now)
    due = update(Tenant).where(Tenant.id == tenant_id).values(health_due_at=now - BEFORE_OTHERS)
    db.session.execute(due.execution_options(synchronize_session=False))
    db.session.commit()
    enqueue(Task.WATCH_HEALTH)


def of_platform(now: datetime) -> None:
    """Have what all share looked at, likewise."""
    with unscoped(results.WHY):
        _ask(results.PLATFORM, now)
        db.session.commit()
    enqueue(Task.WATCH_HEALTH)


def _ask(tenant_id: int | None, now: datetime) -> None:
    row = insert(HealthRequest).values(tenant_id=tenant_id, asked_at=now)
    db.session.execute(row.on_conflict_do_nothing(index_elements=["tenant_id"]))


def platform_since() -> datetime | None:
    """Since when somebody waits for a look at what all share; None: nobody does."""
    with unscoped(results.WHY):
        return since(results.PLATFORM)


def since(tenant_id: int | None) -> datetime | None:
    """The same of a tenant, within its scope."""
    return db.session.scalar(select(HealthRequest.asked_at).where(_of(tenant_id)))


def answered(tenant_id: int | None) -> None:
    """Nobody waits any more, likewise. Part of the caller's transaction."""
    gone = delete(HealthRequest).where(_of(tenant_id))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _of(tenant_id: int | None) -> ColumnElement[bool]:
    return HealthRequest.tenant_id.is_not_distinct_from(tenant_id)

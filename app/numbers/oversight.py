"""The operator sees every number, takes one back from a business, or lets it be used again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app import tasks
from app.extensions import db
from app.models import NumberState, SenderNumber, Tenant
from app.models.sender_number import OURS
from app.numbers.rights import locked, settle
from app.tenancy import tenant_scope, unscoped

TAKEN_BACK = "Taken back by the operator."


@dataclass(frozen=True)
class Listed:
    id: int
    tenant_id: int
    business: str
    country: str
    channel: str
    number: str
    granted: bool
    """On our account; else on the business's own."""
    state: str
    reason: str
    since: datetime


def listed() -> list[Listed]:
    """The numbers of all businesses, by business."""
    query = (
        select(SenderNumber, Tenant)
        .join(Tenant, Tenant.id == SenderNumber.tenant_id)
        .order_by(Tenant.name, Tenant.id, SenderNumber.channel, SenderNumber.id)
    )
    with unscoped("the operator sees the numbers of all businesses"):
        return [_listed(row, tenant) for row, tenant in db.session.execute(query)]


def _listed(row: SenderNumber, tenant: Tenant) -> Listed:
    return Listed(
        row.id,
        tenant.id,
        tenant.name,
        tenant.country,
        row.channel,
        f"{row.number}, by {row.service_sid}" if row.service_sid else row.number,
        row.account_sid == OURS,
        row.state,
        row.reason,
        row.since,
    )


def take_back(tenant_id: int, id_: int, now: datetime) -> bool:
    """The business writes from the number no more, committed; what waits to leave from it is
    refused. False where there is no such row, or another holds the number."""
    return _change(tenant_id, id_, lambda row: _withdraw(row, now))


def allow_again(tenant_id: int, id_: int, now: datetime) -> bool:
    """Let a number that was taken back be used again, committed: on our account at once, else when
    Twilio has been asked. False as above."""
    return _change(tenant_id, id_, lambda row: _restore(row, now))


def _change(tenant_id: int, id_: int, change: Callable[[SenderNumber], None]) -> bool:
    with tenant_scope(tenant_id):
        tenant = locked(tenant_id)
        row = db.session.get(SenderNumber, id_, populate_existing=True)
        if row is None:
            db.session.rollback()
            return False
        try:
            change(row)
            settle(tenant)
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return False
    for task in (tasks.Task.PROVE_NUMBERS, tasks.Task.DRAIN_OUTBOX):
        tasks.enqueue(task)
    return True


def _withdraw(row: SenderNumber, now: datetime) -> None:
    row.state, row.reason, row.since, row.ask_after = NumberState.WITHDRAWN, TAKEN_BACK, now, None


def _restore(row: SenderNumber, now: datetime) -> None:
    if row.state != NumberState.WITHDRAWN:
        return
    granted = row.account_sid == OURS
    row.state = NumberState.HELD if granted else NumberState.CHECKING
    row.reason, row.since, row.ask_after = "", now, None if granted else now

"""Which businesses have nearly or wholly used what they may cost in a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import case, delete, select, update

from app.extensions import db
from app.lib.time.clock import local_day
from app.models import Spending, Spent, Tenant
from app.outbox.queue.daily_limit import LIMITS, NEARLY, Use
from app.tenancy import unscoped

REMEMBERED = timedelta(days=90)

log = structlog.get_logger()


@dataclass(frozen=True)
class Strain:
    """A business at a limit."""

    tenant_id: int
    business: str
    day: date
    use: Use
    told: int


def strained(now: datetime) -> list[Strain]:
    """Today's, those that have used most of it first."""
    with unscoped("the operator sees what all businesses cost"):
        found = db.session.execute(_lately_strained(now)).all()
    return [
        Strain(row.id, row.name, row.day, Use(Spent(row.kind), row.used, row.most), row.told)
        for row in found
        if row.day == local_day(now, row.timezone)
    ]


def _lately_strained(now: datetime) -> Any:
    """Today's, wherever it is that day, and some of the day before."""
    whole = case(LIMITS, value=Spending.kind)
    return (
        select(Tenant.id, Tenant.name, Tenant.timezone, whole.label("most"))
        .add_columns(Spending.day, Spending.kind, Spending.used, Spending.told)
        .join(Tenant, Tenant.id == Spending.tenant_id)
        # Of an index.
        .where(Spending.day >= (now - timedelta(days=1)).date())
        .where(~Tenant.pays_itself, Spending.used > 0, Spending.used * 100 >= whole * NEARLY)
        .order_by(Spending.used * 100 < whole * 100, Tenant.name, Spending.kind)
    )


def tell(now: datetime) -> None:
    """Log each level that was reached, once a day, and forget what is long past, committed."""
    for strain in strained(now):
        if strain.use.level > strain.told and _first(strain):
            log.warning(
                "limit_reached",
                tenant=strain.tenant_id,
                kind=strain.use.kind,
                level=strain.use.level,
                used=strain.use.used,
                limit=strain.use.limit,
            )
    old = delete(Spending).where(Spending.day < (now - REMEMBERED).date())
    with unscoped("the operator sees what all businesses cost"):
        db.session.execute(old.execution_options(synchronize_session=False))
        db.session.commit()


def _first(strain: Strain) -> bool:
    """Whether nobody has told of it, committed."""
    told = (
        update(Spending)
        .where(Spending.tenant_id == strain.tenant_id, Spending.kind == strain.use.kind)
        .where(Spending.day == strain.day, Spending.told < strain.use.level)
        .values(told=strain.use.level)
        .returning(Spending.told)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the operator sees what all businesses cost"):
        first = db.session.scalar(told) is not None
        db.session.commit()
    return first

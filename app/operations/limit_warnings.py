"""Which businesses have nearly or wholly used what they may cost in a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Date, case, cast, delete, func, literal, select, update

from app.extensions import db
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
    use: Use
    told: int


def strained(now: datetime) -> list[Strain]:
    """Today's, those that have used most of it first."""
    with unscoped("the operator sees what all businesses cost"):
        found = db.session.execute(_strained(now)).all()
    return [
        Strain(row.id, row.name, Use(Spent(row.kind), row.used, row.most), row.told)
        for row in found
    ]


def _strained(now: datetime) -> Any:
    whole = case(LIMITS, value=Spending.kind)
    today = cast(func.timezone(Tenant.timezone, literal(now)), Date)
    return (
        select(Tenant.id, Tenant.name, Spending.kind, Spending.used, Spending.told)
        .add_columns(whole.label("most"))
        .join(Tenant, Tenant.id == Spending.tenant_id)
        # Of an index; wherever it is today, it is no other day.
        .where(Spending.day >= (now - timedelta(days=1)).date(), Spending.day == today)
        .where(~Tenant.pays_itself, Spending.used > 0, Spending.used * 100 >= whole * NEARLY)
        .order_by(Spending.used * 100 < whole * 100, Tenant.name, Spending.kind)
    )


def tell(now: datetime) -> None:
    """Log each level that was reached, once a day, and forget what is long past, committed."""
    for strain in strained(now):
        if strain.use.level > strain.told and _first(strain, now):
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


def _first(strain: Strain, now: datetime) -> bool:
    """Whether nobody has told of it, committed."""
    zone = select(Tenant.timezone).where(Tenant.id == strain.tenant_id).scalar_subquery()
    told = (
        update(Spending)
        .where(Spending.tenant_id == strain.tenant_id, Spending.kind == strain.use.kind)
        .where(Spending.day == cast(func.timezone(zone, literal(now)), Date))
        .where(Spending.told < strain.use.level)
        .values(told=strain.use.level)
        .returning(Spending.told)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the operator sees what all businesses cost"):
        first = db.session.scalar(told) is not None
        db.session.commit()
    return first

"""The log of rules: what each looked at, saw and did, newest first (keyset pagination)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import AutomationRun, Customer, RunStatus

PAGE = 50
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Wanted:
    rule_id: int | None = None
    status: str = ""
    customer_ids: Sequence[int] | None = None
    """None: of all customers."""


def page(
    wanted: Wanted, before: int | None = None, most: int = PAGE
) -> tuple[Sequence[AutomationRun], int | None]:
    """Of those that are wanted the latest, or the latest before an id; and before which id the
    next page ends, None where there is none."""
    query = (
        select(AutomationRun)
        .options(joinedload(AutomationRun.event))
        .options(joinedload(AutomationRun.customer).selectinload(Customer.contact_points))
        .order_by(AutomationRun.id.desc())
        .limit(most + 1)
    )
    if wanted.rule_id is not None:
        query = query.where(AutomationRun.rule_id == wanted.rule_id)
    if wanted.status:
        query = query.where(AutomationRun.status == wanted.status)
    if wanted.customer_ids is not None:
        query = query.where(AutomationRun.customer_id.in_(wanted.customer_ids))
    if before is not None:
        query = query.where(AutomationRun.id < before)
    rows = db.session.scalars(query).all()
    shown = rows[:most]
    return shown, shown[-1].id if len(rows) > most else None


def did_lately(now: datetime) -> Mapping[int, int]:
    """How often each rule, by its id, did something in the last seven days."""
    query = (
        select(AutomationRun.rule_id, func.count())
        .where(AutomationRun.status == RunStatus.DONE, AutomationRun.done_at > now - LATELY)
        .where(AutomationRun.rule_id.is_not(None))
        .group_by(AutomationRun.rule_id)
    )
    return {rule_id: count for rule_id, count in db.session.execute(query) if rule_id}

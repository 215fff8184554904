"""What the checks found last: kept, so that nobody waits for Twilio to see it."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.health.finding import Finding, State
from app.models import HealthResult, Tenant
from app.tenancy import unscoped

# The platform's have no tenant.
PLATFORM = None
WHY = "the operator sees how the messages of all businesses go"


def findings(tenant_id: int | None) -> list[Finding]:
    """Of a business, within its scope, or within `unscoped` of the platform."""
    query = select(HealthResult).where(HealthResult.tenant_id.is_not_distinct_from(tenant_id))
    return [_finding(row) for row in db.session.scalars(query.order_by(HealthResult.id))]


def _finding(row: HealthResult) -> Finding:
    return Finding(row.check, State(row.state), row.sentence, row.next_step, row.at)


def keep(found: Collection[Finding], tenant_id: int | None) -> None:
    """These, and no others, likewise. Part of the caller's transaction."""
    rows = [{"tenant_id": tenant_id, **asdict(finding)} for finding in found]
    if rows:
        row = insert(HealthResult).values(sorted(rows, key=lambda each: each["check"]))
        told = {name: row.excluded[name] for name in ("state", "sentence", "next_step", "at")}
        db.session.execute(
            row.on_conflict_do_update(index_elements=["tenant_id", "check"], set_=told)
        )
    gone = delete(HealthResult).where(HealthResult.tenant_id.is_not_distinct_from(tenant_id))
    db.session.execute(
        gone.where(HealthResult.check.not_in([each.check for each in found])),
        execution_options={"synchronize_session": False},
    )


class Trouble(NamedTuple):
    """What is not as it should be in one business."""

    business: str
    finding: Finding


def troubles(most: int) -> list[Trouble]:
    """Those of all businesses, worst first, as they were last looked at."""
    query = (
        select(Tenant.name, HealthResult)
        .join(HealthResult, HealthResult.tenant_id == Tenant.id)
        .where(HealthResult.state != State.OK)
        # Broken comes before warning in the alphabet, too.
        .order_by(HealthResult.state, Tenant.name, HealthResult.id)
        .limit(most)
    )
    with unscoped(WHY):
        return [Trouble(name, _finding(row)) for name, row in db.session.execute(query)]


def asked_since(moment: datetime, tenant_id: int | None) -> bool:
    """Whether anything was looked at since then."""
    return any(finding.at > moment for finding in findings(tenant_id))

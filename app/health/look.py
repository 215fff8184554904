"""Runs the checks. Each stands alone: whatever breaks over one, the next has its turn."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import select

from app.extensions import db
from app.health.check import Check
from app.health.checks.business import BUSINESS
from app.health.checks.platform import PLATFORM
from app.health.finding import Finding, State, Verdict, warning, worst_first
from app.lib.fault import place
from app.models import Tenant
from app.tenancy import tenant_scope

FAULT = warning(
    "This could not be looked at, because of a fault of ours.",
    "Look again in some minutes. If it stays so, tell your operator which check it is.",
)

log = structlog.get_logger()


def of_business(now: datetime) -> list[Finding]:
    """What is found of the business in scope, worst first."""
    return worst_first(_each(BUSINESS.values(), now))


def of_platform(now: datetime) -> list[Finding]:
    """What is found of what all businesses share, worst first."""
    return worst_first(_each(PLATFORM.values(), now))


def of_all(now: datetime) -> list[Finding]:
    """The platform's, and the worst of each business, worst first."""
    shared = of_platform(now)
    if any(found.check == "database" and found.state is not State.OK for found in shared):
        return shared
    return worst_first([*shared, *_worst_of_each(now)])


def _worst_of_each(now: datetime) -> list[Finding]:
    names = db.session.execute(select(Tenant.id, Tenant.name).order_by(Tenant.name)).all()
    return [_worst(tenant_id, name, now) for tenant_id, name in names]


def _worst(tenant_id: int, name: str, now: datetime) -> Finding:
    with tenant_scope(tenant_id):
        worst = of_business(now)[0]
    db.session.remove()
    return replace(worst, sentence=f"{name}: {worst.sentence}")


def _each(checks: Iterable[Check], now: datetime) -> Iterable[Finding]:
    for check in checks:
        verdict = _look(check, now)
        if verdict:
            told = verdict.state, verdict.sentence, verdict.next_step
            yield Finding(check.key, *told, at=now)


def _look(check: Check, now: datetime) -> Verdict | None:
    try:
        return check.look(now)
    except Exception as error:
        log.error("health_check_broke", check=check.key, fault=place(error))
        db.session.rollback()
        return FAULT

"""Runs the checks. Each stands alone: whatever breaks over one, the next has its turn.

What needs no question outside is looked at whenever somebody asks; what Twilio and the mail server
say was asked by watch.py, and is told as it was then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.health import results
from app.health.check import Check
from app.health.checks.business import BUSINESS
from app.health.checks.platform import PLATFORM
from app.health.finding import Finding, State, Verdict, warning, worst_first
from app.lib.fault import place
from app.lib.memo import memo_scope
from app.models import Tenant
from app.providers.contract import SendError
from app.tenancy import current_tenant_id, tenant_scope, unscoped

FAULT = warning(
    "This could not be looked at, because of a fault of ours.",
    "Look again in some minutes. If it stays so, tell your operator which check it is.",
)

log = structlog.get_logger()


def of_business(now: datetime) -> list[Finding]:
    """What is found of the business in scope, worst first."""
    return in_order(BUSINESS, [*inside(BUSINESS, now), *_asked(BUSINESS, current_tenant_id())])


def of_platform(now: datetime) -> list[Finding]:
    """What is found of what all businesses share, worst first."""
    found = inside(PLATFORM, now)
    if _database_away(found):
        return in_order(PLATFORM, found)
    with unscoped(results.WHY):
        return in_order(PLATFORM, [*found, *_asked(PLATFORM, results.PLATFORM)])


def of_all(now: datetime) -> list[Finding]:
    """The platform's, and the worst of each business, worst first."""
    shared = of_platform(now)
    return shared if _database_away(shared) else worst_first([*shared, *_worst_of_each(now)])


def _database_away(found: Iterable[Finding]) -> bool:
    return any(each.check == "database" and each.state is not State.OK for each in found)


def _worst_of_each(now: datetime) -> list[Finding]:
    names = db.session.execute(select(Tenant.id, Tenant.name).order_by(Tenant.name)).all()
    return [_worst(tenant_id, name, now) for tenant_id, name in names]


def _worst(tenant_id: int, name: str, now: datetime) -> Finding:
    with tenant_scope(tenant_id):
        worst = of_business(now)[0]
    db.session.remove()
    return replace(worst, sentence=f"{name}: {worst.sentence}")


def _asked(checks: Mapping[str, Check], tenant_id: int | None) -> list[Finding]:
    """What was told outside, when that was asked last."""
    outside = {key for key, check in checks.items() if check.outside}
    return [found for found in results.findings(tenant_id) if found.check in outside]


def in_order(checks: Mapping[str, Check], found: Iterable[Finding]) -> list[Finding]:
    return worst_first(sorted(found, key=lambda each: checks[each.check].order))


def inside(checks: Mapping[str, Check], now: datetime) -> list[Finding]:
    """What those find that ask nobody outside."""
    with memo_scope():
        looked = [(check, verdict(check, now)) for check in checks.values() if not check.outside]
    return [finding(check, told, now) for check, told in looked if told]


def verdict(check: Check, now: datetime) -> Verdict | None:
    """What it says, or that it broke. Raises SendError where it could not be told outside."""
    try:
        return check.look(now)
    except SendError:
        raise
    except OperationalError:
        # The database is away, which has a check of its own.
        db.session.rollback()
        return None
    except Exception as error:
        log.error("health_check_broke", check=check.key, fault=place(error))
        db.session.rollback()
        return FAULT


def finding(check: Check, told: Verdict, now: datetime) -> Finding:
    return Finding(check.key, told.state, told.sentence, told.next_step, now)

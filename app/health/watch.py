"""Looks at each business once an hour, and whenever somebody asks: Twilio is asked, too, what is
found is kept, and of what became worse its admins are told."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import case, exists, select, update

from app import tasks
from app.extensions import db
from app.health import look, look_request, results
from app.health.check import Check
from app.health.checks.business import BUSINESS
from app.health.checks.platform import PLATFORM
from app.health.finding import Finding, ok
from app.health.tell import tell, worse
from app.lib import shutdown
from app.lib.fault import place
from app.lib.memo import memo_scope
from app.lib.time.clock import running
from app.models import HealthRequest, Tenant
from app.numbers.prove import prove_now
from app.providers.contract import SendError
from app.tenancy import current_tenant_id, tenant_scope, unscoped

EVERY = timedelta(hours=1)
# Whoever dies over one that somebody waits for: it is looked at again.
LEASE = timedelta(minutes=2)

log = structlog.get_logger()


def watch_due(now: datetime) -> int:
    """Look at those that are due, one by one, within a turn; how many were looked at."""
    looked, clock = 0, running(now)
    _watch_platform(now)
    while not shutdown.requested() and (tenant_id := _claim(clock())):
        looked += 1
        _watch(tenant_id, clock())
        if clock() > now + tasks.SLOW_TIME_SLICE:
            tasks.enqueue(tasks.Task.WATCH_HEALTH)
            break
    return looked


def _claim(now: datetime) -> int | None:
    """The one that has waited longest, committed: whoever dies over it, it is due in an hour, or
    sooner where somebody waits. Who holds a business for a moment, to send or to count, is waited
    for: skipped, it would be looked at a minute later."""
    due = select(Tenant.id).where(Tenant.health_due_at <= now).order_by(Tenant.health_due_at)
    first = due.limit(1).with_for_update(key_share=True).scalar_subquery()
    waits = exists().where(HealthRequest.tenant_id == Tenant.id)
    again = case((waits, now + LEASE), else_=now + EVERY)
    taken = update(Tenant).where(Tenant.id == first).values(health_due_at=again)
    with unscoped(results.WHY):
        tenant_id = db.session.scalar(
            taken.returning(Tenant.id), execution_options={"synchronize_session": False}
        )
        db.session.commit()
    return tenant_id


def _watch(tenant_id: int, now: datetime) -> None:
    """Each stands alone: whatever breaks over one, the next is looked at."""
    try:
        with tenant_scope(tenant_id):
            business(now)
    except Exception as error:
        log.error("health_fault", tenant=tenant_id, fault=place(error))
        db.session.rollback()
    finally:
        db.session.remove()


def _watch_platform(now: datetime) -> None:
    waits = look_request.platform_since()
    with unscoped(results.WHY):
        asked = results.asked_since(now - EVERY, results.PLATFORM)
    if waits or not asked:
        platform(now)


def business(now: datetime) -> list[Finding]:
    """What is found of the business in scope, worst first; kept, and told, committed. It is due in
    an hour again. Where somebody waits for it, Twilio is asked about its numbers first."""
    tenant_id = current_tenant_id()
    if look_request.since(tenant_id):
        prove_now(now)
    before = results.findings(tenant_id)
    asked = _ask(BUSINESS, before, now)
    found = look.in_order(BUSINESS, [*look.inside(BUSINESS, now), *asked])
    results.keep(found, tenant_id)
    look_request.answered(tenant_id)
    due = update(Tenant).where(Tenant.id == tenant_id).values(health_due_at=now + EVERY)
    db.session.execute(due.execution_options(synchronize_session=False))
    told = tell(worse(before, found), now)
    db.session.commit()
    if told:
        tasks.enqueue(tasks.Task.SEND_USER_EMAILS)
    return found


def platform(now: datetime) -> list[Finding]:
    """What is found of what all share, worst first; kept, committed. Raises SQLAlchemyError."""
    with unscoped(results.WHY):
        before = results.findings(results.PLATFORM)
        asked = _ask(PLATFORM, before, now)
        found = look.in_order(PLATFORM, [*look.inside(PLATFORM, now), *asked])
        results.keep(found, results.PLATFORM)
        look_request.answered(results.PLATFORM)
        db.session.commit()
    return found


def _ask(checks: Mapping[str, Check], before: Collection[Finding], now: datetime) -> list[Finding]:
    """What those find that ask outside, while nothing of the database is held."""
    stood = {finding.check: finding for finding in before}
    with memo_scope():
        asked = [_told(each, stood, now) for each in checks.values() if each.outside]
    return [finding for finding in asked if finding]


def _told(check: Check, stood: Mapping[str, Finding], now: datetime) -> Finding | None:
    db.session.rollback()
    try:
        verdict = look.verdict(check, now)
    except SendError as error:
        return stood.get(check.key) or look.finding(
            check, ok(f"Not looked at: {error.reason}"), now
        )
    return look.finding(check, verdict, now) if verdict else None

"""Where the rules of a time zone change, an appointment keeps the time that was agreed on: what the
clock on the wall shows (docs/adr/0016-new-rules-of-zones.md)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Update, select, update
from sqlalchemy.exc import IntegrityError

from app import live, tasks
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import NoSuchTime, instant
from app.lib.time.zones import RULES, offset, older
from app.models import Appointment, Notification, Tenant
from app.notifications.planning import replan
from app.notifications.planning.bulk_lock import take_bulk_lock
from app.tenancy import current_tenant_id, tenant_scope, unscoped

log = structlog.get_logger()


def keep_walls(now: datetime) -> int:
    """See to each business whose appointments to come were last planned by older rules than ours,
    committed each; how many. They are planned anew (Task.PLAN)."""
    behind = list(_behind())
    for tenant_id in behind:
        if shutdown.requested():
            break
        with tenant_scope(tenant_id):
            _try(tenant_id, now)
        db.session.remove()
    if behind:
        tasks.enqueue(tasks.Task.PLAN)
    return len(behind)


def _behind() -> Iterator[int]:
    query = select(Tenant.id, Tenant.zone_rules).where(Tenant.zone_rules.is_distinct_from(RULES))
    with unscoped("zones change for all tenants at once"):
        found = db.session.execute(query.order_by(Tenant.id)).all()
        db.session.rollback()
    # One host may be upgraded before another, which then knows no better.
    return (row.id for row in found if older(row.zone_rules))


def _try(tenant_id: int, now: datetime) -> None:
    """A business over which our code breaks keeps no other one waiting."""
    try:
        _see_to(now)
    except Exception as error:
        log.error("zone_rules_fault", tenant=tenant_id, fault=place(error))
        db.session.rollback()


def _see_to(now: datetime) -> None:
    """All of a business in one transaction: whoever comes second finds it done."""
    take_bulk_lock()
    tenant = db.session.get_one(Tenant, current_tenant_id(), populate_existing=True)
    if not older(tenant.zone_rules):
        return
    moved = sum(_keeps(id_, tenant.timezone) for id_ in _to_come(now, tenant.timezone))
    replan.anew(now)
    log.info("zone_rules", before=tenant.zone_rules, after=RULES, appointments=moved)
    tenant.zone_rules = RULES
    db.session.commit()
    if moved:
        live.publish(current_tenant_id(), live.APPOINTMENTS)


def _to_come(now: datetime, timezone: str) -> list[int]:
    """The ids of those whose wall would show another time than when they were planned."""
    query = select(Appointment.id, Appointment.starts_at, Appointment.planned_offset).where(
        # A zone's rules move its clocks by some hours at most.
        Appointment.starts_at > now - timedelta(days=1),
        Appointment.offset_for == Appointment.starts_at,
        Appointment.planned_offset.is_not(None),
    )
    rows = db.session.execute(query.order_by(Appointment.id))
    return [row.id for row in rows if offset(row.starts_at, timezone) != row.planned_offset]


def _keeps(id_: int, timezone: str) -> bool:
    """Whether it could: its customer was told of that time, so nobody is told anything."""
    appointment = db.session.get_one(Appointment, id_, with_for_update=True, populate_existing=True)
    was = appointment.starts_at
    # Somebody may have been faster.
    if appointment.offset_for != was or _holds(appointment, timezone):
        return False
    wall = was + timedelta(seconds=appointment.planned_offset or 0)
    try:
        with db.session.begin_nested():
            becomes = instant(wall.replace(tzinfo=None), timezone)
            db.session.execute(_notifications(id_, was, becomes))
            if appointment.known_start == was:
                appointment.known_start = becomes
            appointment.starts_at = appointment.planned_for = appointment.offset_for = becomes
            appointment.planned_offset = offset(becomes, timezone)
    except (NoSuchTime, IntegrityError):
        log.warning("wall_time_lost", appointment=id_)
        return False
    return True


def _holds(appointment: Appointment, timezone: str) -> bool:
    return appointment.planned_offset in (None, offset(appointment.starts_at, timezone))


def _notifications(id_: int, was: datetime, becomes: datetime) -> Update:
    """What was planned for it, and what was said of it, is about the same time on the wall."""
    its = update(Notification).where(
        Notification.appointment_id == id_, Notification.starts_at == was
    )
    return its.values(starts_at=becomes).execution_options(synchronize_session=False)

"""Plans the follow-ups of calls that nobody took."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert

from app import tasks
from app.extensions import db
from app.lib import stopping
from app.lib.fault import place
from app.models import Call, Customer, Notification, NotificationStatus, Tenant
from app.notifications.settings import quiet_hours
from app.tenancy import current_tenant_id, tenant_scope, unscoped

MISSED_CALL = "missed_call"
# Whoever calls at ten in the evening still gets an answer at eight, when quiet hours usually end;
# whoever called earlier than that has found another way by then.
WORTH_ANSWERING = timedelta(hours=12)

log = structlog.get_logger()


def plan_missed(now: datetime) -> int:
    """Plan a follow-up for every missed call that can have one and has none, each committed; how
    many were looked at.

    Whether it goes out is decided when it is due: of a caller's many only the first does. The
    cost grows with the calls missed lately, not with the calls there are. One over which our
    code breaks stands alone, until the next call.
    """
    planned, broken = 0, set[int]()
    while not stopping.asked() and (found := _next(now, broken)):
        tenant_id, id_ = found
        try:
            with tenant_scope(tenant_id):
                follow_up(db.session.get_one(Call, id_), now)
                db.session.commit()
            planned += 1
        except Exception as error:
            log.error("not_followed_up", call=id_, fault=place(error))
            db.session.rollback()
            broken.add(id_)
    db.session.rollback()
    if planned:
        tasks.ring(tasks.Task.DISPATCH)
    return planned


def _next(now: datetime, broken: set[int]) -> tuple[int, int] | None:
    """The tenant and the id of one, locked until the transaction ends."""
    followed_up = exists().where(
        Notification.tenant_id == Call.tenant_id,
        Notification.call_id == Call.id,
        Notification.type == MISSED_CALL,
    )
    query = (
        select(Call.tenant_id, Call.id)
        .where(Call.missed_at > now - WORTH_ANSWERING, Call.started_at > now - WORTH_ANSWERING)
        .where(Call.reachable, Call.customer_id.is_not(None), ~followed_up)
        .where(Call.id.not_in(broken))
        .order_by(Call.missed_at, Call.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    )
    with unscoped("the planner serves all tenants"):
        found = db.session.execute(query).one_or_none()
    return (found.tenant_id, found.id) if found else None


def follow_up(call: Call, now: datetime) -> None:
    """Plan what the caller is sent, once for each call; whoever calls this commits."""
    # One caller's follow-ups are planned one after the other: recent.other relies on it.
    lock = select(Customer).where(Customer.id == call.customer_id)
    customer = db.session.scalars(lock.with_for_update(key_share=True)).one()
    quiet = quiet_hours(db.session.get_one(Tenant, current_tenant_id()), customer)
    row = insert(Notification).values(
        tenant_id=current_tenant_id(),
        type=MISSED_CALL,
        customer_id=customer.id,
        call_id=call.id,
        due_at=quiet.over(now) if quiet and quiet.holds(now) else now,
        useful_until=call.started_at + WORTH_ANSWERING,
        status=NotificationStatus.PLANNED,
    )
    db.session.execute(row.on_conflict_do_nothing())

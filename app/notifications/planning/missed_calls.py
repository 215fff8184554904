"""Plans the follow-ups of calls that nobody took."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, select

from app import tasks
from app.extensions import db
from app.models import Call, Customer, Notification, Tenant
from app.notifications import transitions
from app.notifications.planning.round_robin import round_robin
from app.notifications.settings import quiet_hours
from app.tenancy import current_tenant_id

MISSED_CALL = "missed_call"
# Whoever calls at ten in the evening still gets an answer at eight, when quiet hours usually end;
# whoever called earlier than that has found another way by then.
WORTH_ANSWERING = timedelta(hours=12)
# As for the dispatcher: behind what people wait for.
TIME_SLICE = timedelta(seconds=2)


def plan_missed(now: datetime) -> int:
    """Plan a follow-up for every missed call that can have one and has none, each committed, for
    a time slice; how many were looked at. Enqueues what is left, and what is due now.

    Whether it goes out is decided when it is due: of a caller's many only the first does. Each
    business in turn. The cost grows with the calls missed lately, not with the calls there are.
    """
    planned = round_robin(
        Call,
        _waits(now),
        Call.missed_at,
        lambda id_: _plan(id_, now),
        now,
        TIME_SLICE,
        tasks.Task.PLAN_MISSED,
    )
    if planned:
        tasks.enqueue(tasks.Task.DISPATCH)
    return planned


def _waits(now: datetime) -> ColumnElement[bool]:
    """The condition that a call can be followed up and is not."""
    followed_up = exists().where(
        Notification.tenant_id == Call.tenant_id,
        Notification.call_id == Call.id,
        Notification.type == MISSED_CALL,
    )
    return and_(
        Call.missed_at > now - WORTH_ANSWERING,
        Call.started_at > now - WORTH_ANSWERING,
        Call.reachable,
        Call.customer_id.is_not(None),
        ~followed_up,
    )


def _plan(id_: int, now: datetime) -> bool:
    lock = select(Call).where(Call.id == id_, _waits(now))
    call = db.session.scalar(lock.with_for_update(of=Call, skip_locked=True, key_share=True))
    if call is None:
        return False
    follow_up(call, now)
    db.session.commit()
    return True


def follow_up(call: Call, now: datetime) -> None:
    """Plan what the caller is sent, once for each call; whoever calls this commits."""
    # One caller's follow-ups are planned one after the other: recent.other relies on it.
    lock = select(Customer).where(Customer.id == call.customer_id)
    customer = db.session.scalars(lock.with_for_update(key_share=True)).one()
    quiet = quiet_hours(db.session.get_one(Tenant, current_tenant_id()), customer)
    due_at = max(now, call.missed_at or now)
    row = transitions.plan_once(
        type=MISSED_CALL,
        customer_id=customer.id,
        call_id=call.id,
        due_at=quiet.over(due_at) if quiet and quiet.holds(due_at) else due_at,
        useful_until=call.started_at + WORTH_ANSWERING,
    )
    db.session.execute(row)

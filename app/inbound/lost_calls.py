"""Asks the carrier what came of calls whose end it never told us.

A webhook that is lost comes no second time, and the call would ring for ever. What the carrier
cannot say is closed as unknown after a day.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, func, or_, select, update

from app.extensions import db
from app.inbound.incoming_calls import TEXTED_ON, record
from app.inbound.routing import Route
from app.lib import shutdown
from app.lib.fault import place
from app.lib.telephone.call_outcome import CallOutcome
from app.lib.time.clock import running
from app.lib.vault import VaultError
from app.models import Call, Tenant
from app.outbox.delivery.job import DEADLINE, callers
from app.outbox.sender import account_used
from app.providers import provider
from app.providers.contract import CallEnd, CallReport, SendError
from app.tasks import SLOW_TIME_SLICE, Task, enqueue
from app.tenancy import key_of, tenant_scope, unscoped

# Longer than it rings and most people talk; one that still goes on is asked about again.
OVER_AFTER = timedelta(minutes=10)
# Longer than the longest call that Twilio allows, and than most outages.
GIVE_UP_AFTER = timedelta(days=1)
BATCH = 16

log = structlog.get_logger()


def look_up(now: datetime) -> int:
    """Settle the calls that should be over, for a time slice; how many were asked about.

    Of each business one, then of each the second. What is missed is followed up as long as that
    is of use (app/notifications/planning/missed_calls.py).
    """
    asked, missed, clock = 0, 0, running(now)
    _give_up(now)
    with callers(BATCH, "look-up-call") as pool:
        for tenant_id, id_ in _due(now):
            asked += 1
            with tenant_scope(tenant_id):
                missed += _settled(id_, now, pool)
            db.session.remove()
            if shutdown.requested() or clock() > now + SLOW_TIME_SLICE:
                break
    if missed:
        enqueue(Task.PLAN_MISSED)
    return asked


def _give_up(now: datetime) -> None:
    """Nobody could tell."""
    late = update(Call).where(_rings(), Call.started_at < now - GIVE_UP_AFTER)
    closed = late.values(outcome=CallOutcome.UNKNOWN)
    with unscoped("calls of all tenants wait in one line"):
        db.session.execute(closed.execution_options(synchronize_session=False))
        db.session.commit()


def _rings() -> ColumnElement[bool]:
    return Call.outcome == CallOutcome.RINGING


def _due(now: datetime) -> Iterator[tuple[int, int]]:
    while claimed := _claim(now):
        yield from claimed


def _claim(now: datetime) -> list[tuple[int, int]]:
    """The tenant and the id of some, put off first: nobody else asks about them meanwhile."""
    turn = func.row_number().over(partition_by=Call.tenant_id, order_by=(Call.started_at, Call.id))
    due = (_rings(), Call.started_at < now - OVER_AFTER, Call.provider_sid.is_not(None))
    may_ask = or_(Call.ask_at.is_(None), Call.ask_at <= now)
    line = select(*key_of(Call), turn.label("turn")).where(*due, may_ask).subquery()
    some = select(line.c.tenant_id, line.c.id).order_by(line.c.turn, line.c.id).limit(BATCH)
    # After 10, 20, 40 … minutes.
    put_off = (
        update(Call)
        .where(key_of(Call).in_(some), _rings(), may_ask)
        .values(ask_at=now + (now - Call.started_at))
        .returning(Call.tenant_id, Call.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped("calls of all tenants wait in one line"):
        found = [(row.tenant_id, row.id) for row in db.session.execute(put_off)]
        db.session.commit()
    return found


def _settled(id_: int, now: datetime, pool: ThreadPoolExecutor) -> bool:
    """Whether it was missed; whatever breaks over one, the next is asked about."""
    try:
        return _record(id_, _ask(id_, pool), now)
    except (SendError, VaultError, TimeoutError) as error:
        log.info("call_not_looked_up", call=id_, error=type(error).__name__)
        return False
    except Exception as error:
        log.error("call_fault", call=id_, fault=place(error))
        return False


def _ask(id_: int, pool: ThreadPoolExecutor) -> CallEnd:
    """Raises SendError and VaultError, and TimeoutError where the answer drips for too long."""
    call = db.session.get_one(Call, id_)
    tenant = db.session.get_one(Tenant, call.tenant_id)
    screened, sid = tenant.screen_calls, call.provider_sid or ""
    # Who carries the number's texts, carries its calls.
    vouching = account_used(tenant, TEXTED_ON, call.account_sid)
    carrier = provider(TEXTED_ON.provider)
    # Nothing of the database is held while the carrier takes its time.
    db.session.remove()
    if vouching is None or carrier is None:
        # The account was changed: nobody else can tell.
        return CallEnd(CallOutcome.UNKNOWN)
    end = pool.submit(carrier.look_up_call, vouching, sid, screened)
    return end.result(DEADLINE.total_seconds())


def _record(id_: int, end: CallEnd, now: datetime) -> bool:
    """As its webhook would have; one that came after all has told more."""
    call = db.session.get_one(Call, id_)
    tenant = db.session.get_one(Tenant, call.tenant_id)
    route = Route(
        tenant.id, tenant.slug, tenant.country, tenant.timezone, None, call.account_sid or ""
    )
    told = CallReport(call.provider_sid or "", call.caller, "", end.outcome, end.seconds)
    # Its statement has a connection of its own.
    db.session.remove()
    return record(route, told, now) and end.outcome is CallOutcome.MISSED

"""Counts what leaves by the platform's Twilio account against its limits, as it is claimed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, Integer, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import Insert, insert

from app import tasks
from app.extensions import db, settings
from app.lib.time.clock import local_day
from app.models import Message, Spending, Spent, Tenant
from app.outbox import transitions
from app.outbox.queue.daily_limit import BILLED, for_automatic
from app.outbox.queue.destinations import closed
from app.outbox.queue.due import Due
from app.outbox.queue.value_rows import rows_of
from app.tenancy import current_tenant_id

KEY = ("tenant_id", "day", "kind")


def spend(rows: Sequence[Due], now: datetime) -> list[Due]:
    """Those of the rows, as `due` gives them, that may leave, counted; what may not go where it is
    addressed has failed. Part of the claim's transaction, within its `unscoped`.

    Where somebody else has used up a tenant's limit at this very moment, its rows wait.
    """
    ours = [row for row in rows if row.channel in BILLED and not row.pays_itself]
    away = {one.id: reason for one in ours if (reason := _closed(one))}
    for id_, reason in away.items():
        db.session.execute(transitions.expire([Message.id == id_], reason))
    if away:
        # There may be more behind what is taken out of the line.
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    waits = _count([one for one in ours if one.id not in away], now)
    return [row for row in rows if row.id not in away and row.tenant_id not in waits]


def _closed(one: Due) -> str:
    return closed([one.country, *one.open_countries], one.recipient)


def _count(ours: Sequence[Due], now: datetime) -> set[int]:
    """Whose segments do not fit any more."""
    segments, most, day = Counter[int](), dict[int, int](), dict[int, date]()
    for one in ours:
        id_, whole = one.tenant_id, one.segments_a_day
        segments[id_] += one.segments
        fits = for_automatic(whole) if one.automatic else whole
        most[id_] = min(most.get(id_, fits), fits)
        day[id_] = local_day(now, one.timezone)
    if not segments:
        return set()
    # In one order, so that two who claim at once do not wait for one another.
    lines = [(id_, day[id_], segments[id_]) for id_ in sorted(segments)]
    counted = _more(lines, Spending.used < case(most, value=Spending.tenant_id))
    fitting = db.session.scalars(counted.returning(Spending.tenant_id))
    return set(segments) - set(fitting)


def _more(
    lines: list[tuple[int, date, int]],
    where: ColumnElement[bool] | None = None,
    kind: Spent = Spent.SEGMENTS,
) -> Insert:
    """Count so much more of the kind for each (tenant_id, day, used)."""
    line = rows_of(lines, tenant_id=Integer, day=Date, used=Integer)
    row = insert(Spending).from_select(
        (*KEY, "used"), select(line.c.tenant_id, line.c.day, literal(kind.value), line.c.used)
    )
    return row.on_conflict_do_update(
        index_elements=KEY, set_={"used": Spending.used + row.excluded.used}, where=where
    )


def note(kind: Spent, tenant: Tenant, now: datetime) -> None:
    """Count one more of the tenant in scope. Part of the caller's transaction."""
    if tenant.pays_itself:
        return
    day = local_day(now, tenant.timezone)
    db.session.execute(_more([(current_tenant_id(), day, 1)], kind=kind))


def refund(message_id: int, attempted_at: datetime) -> None:
    """The attempt at that time was none: it is not counted. Part of the caller's transaction."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    ours = Message.account_sid == settings().twilio_account_sid
    segments = select(Message.segments).where(Message.id == message_id, ours).scalar_subquery()
    db.session.execute(
        update(Spending)
        .where(Spending.kind == Spent.SEGMENTS)
        .where(Spending.day == local_day(attempted_at, tenant.timezone))
        .values(used=func.greatest(Spending.used - func.coalesce(segments, 0), 0))
        .execution_options(synchronize_session=False)
    )

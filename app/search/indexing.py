"""Writes the words of messages some seconds after them; and of all that is older than the index,
the newest first. Of all tenants, in batches that are each committed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.models import Customer, CustomerWords, Message, MessageWords, SearchMark
from app.prepared import Prepared
from app.tenancy import unscoped

BATCH = 2_000
# So many batches of what is older at a look: others wait for the worker, too.
BATCHES = 10
SETTLES_AFTER = timedelta(minutes=1)
ONLY = 1


def index(now: datetime) -> int:
    """Write the words of what has none, committed; of how many. Whoever comes while another one
    does it does nothing."""
    with unscoped("what all tenants said is indexed by one worker"):
        db.session.execute(insert(SearchMark).values(id=ONLY).on_conflict_do_nothing())
        return _new(now) + _some_of(_older) + _some_of(_customers)


def left() -> int:
    """How many per cent of the messages that are older than the index are still to come into it."""
    return _LEFT.one_or_none() or 0


_LEFT = Prepared(
    lambda left, settled: -(-100 * left // max(settled, 1)),
    select(SearchMark.messages_left, SearchMark.settled_id).where(SearchMark.id == ONLY),
)


def _held() -> SearchMark | None:
    """The mark, held until the commit; None: somebody else has it."""
    held = select(SearchMark).with_for_update(skip_locked=True)
    return db.session.scalar(held.execution_options(populate_existing=True))


def _new(now: datetime) -> int:
    total, written = 0, [0]
    while written and (mark := _held()):
        look = _look(mark, now)
        # Behind the last of this run: what is before it was looked at.
        written = _write(Message.id > max(mark.settled_id, written[-1]))
        if not written:
            _settle(mark, look, now)
        db.session.commit()
        total += len(written)
    db.session.commit()
    return total


@dataclass(frozen=True)
class _Look:
    last_id: int
    next_xid: int
    settles: bool
    """All that began before the look that is remembered have ended."""


def _look(mark: SearchMark, now: datetime) -> _Look:
    snapshot = func.pg_current_snapshot()
    last, oldest, next_ = db.session.execute(
        select(
            select(func.max(Message.id)).scalar_subquery(),
            _number(func.pg_snapshot_xmin(snapshot)),
            _number(func.pg_snapshot_xmax(snapshot)),
        )
    ).one()
    waited = mark.seen_at is not None and now - mark.seen_at >= SETTLES_AFTER
    return _Look(last or 0, next_, waited and oldest >= mark.seen_xid)


def _settle(mark: SearchMark, look: _Look, now: datetime) -> None:
    if look.settles:
        mark.settled_id = mark.seen_id
    if look.settles or mark.seen_at is None:
        mark.seen_id, mark.seen_xid, mark.seen_at = look.last_id, look.next_xid, now


def _some_of(step: Callable[[SearchMark], int | None]) -> int:
    """Take steps, each in a transaction that holds the mark, until one has nothing left."""
    total = 0
    for _ in range(BATCHES):
        mark = _held()
        written = step(mark) if mark else None
        db.session.commit()
        if written is None:
            break
        total += written
    return total


def _older(mark: SearchMark) -> int | None:
    if not (upper := mark.messages_left):
        return None
    mark.messages_left = max(upper - BATCH, 0)
    return len(_write(Message.id > mark.messages_left, Message.id <= upper))


def _write(*which: ColumnElement[bool]) -> list[int]:
    """The ids of the messages of whom words were written, in their order."""
    known = select(MessageWords.message_id).where(
        MessageWords.tenant_id == Message.tenant_id, MessageWords.message_id == Message.id
    )
    said = (Message.direction, Message.channel, Message.subject, Message.body)
    whose = (Message.tenant_id, Message.customer_id, Message.author_id)
    rows = (
        select(
            Message.tenant_id,
            Message.id,
            Message.customer_id,
            Message.created_at,
            func.message_lexemes(*whose, *said),
        )
        .where(*which, ~known.exists())
        .order_by(Message.id)
        .limit(BATCH)
    )
    columns = ["tenant_id", "message_id", "customer_id", "at", "words"]
    written = insert(MessageWords).from_select(columns, rows).on_conflict_do_nothing()
    return sorted(db.session.scalars(written.returning(MessageWords.message_id)))


def _customers(mark: SearchMark) -> int | None:
    if not (upper := mark.customers_left):
        return None
    mark.customers_left = max(upper - BATCH, 0)
    rows = select(
        Customer.tenant_id, Customer.id, func.customer_lexemes(Customer.tenant_id, Customer.id)
    ).where(Customer.id > mark.customers_left, Customer.id <= upper)
    columns = ["tenant_id", "customer_id", "words"]
    # Who was changed since has the words of then.
    written = insert(CustomerWords).from_select(columns, rows).on_conflict_do_nothing()
    return len(db.session.scalars(written.returning(CustomerWords.customer_id)).all())


def _number(xid: ColumnElement[object]) -> ColumnElement[int]:
    return cast(cast(xid, Text), BigInteger)

"""Writes the words of messages some seconds after them; and of all that is older than the index,
the newest first. Of all tenants, in batches that are each committed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.models import Customer, CustomerWords, Message, MessageWords, SearchMark
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
        written = _while_full(lambda mark: _new(mark, now), most=None)
        return written + _while_full(_older, BATCHES) + _while_full(_customers, BATCHES)


def _while_full(step: Callable[[SearchMark], tuple[int, bool]], most: int | None) -> int:
    """Take steps, each in a transaction that holds the mark, until one says it was the last."""
    total, taken, more = 0, 0, True
    while more and taken != most:
        held = select(SearchMark).with_for_update(skip_locked=True)
        mark = db.session.scalar(held.execution_options(populate_existing=True))
        written, more = step(mark) if mark else (0, False)
        db.session.commit()
        total, taken = total + written, taken + 1
    return total


def _new(mark: SearchMark, now: datetime) -> tuple[int, bool]:
    snapshot = func.pg_current_snapshot()
    last, oldest, next_ = db.session.execute(
        select(
            select(func.max(Message.id)).scalar_subquery(),
            _number(func.pg_snapshot_xmin(snapshot)),
            _number(func.pg_snapshot_xmax(snapshot)),
        )
    ).one()
    # Whoever had an id up to the one that was seen has ended by now.
    settled = mark.seen_at and now - mark.seen_at >= SETTLES_AFTER and oldest >= mark.seen_xid
    written = _write(Message.id > mark.settled_id)
    if written == BATCH:
        return written, True
    if settled:
        mark.settled_id = mark.seen_id
    if settled or mark.seen_at is None:
        mark.seen_id, mark.seen_xid, mark.seen_at = last or 0, next_, now
    return written, False


def _older(mark: SearchMark) -> tuple[int, bool]:
    upper = mark.messages_left
    mark.messages_left = max(upper - BATCH, 0)
    if not upper:
        return 0, False
    return _write(Message.id > mark.messages_left, Message.id <= upper), True


def _write(*which: ColumnElement[bool]) -> int:
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
    return len(db.session.execute(written.returning(MessageWords.message_id)).all())


def _customers(mark: SearchMark) -> tuple[int, bool]:
    upper = mark.customers_left
    mark.customers_left = max(upper - BATCH, 0)
    if not upper:
        return 0, False
    rows = select(
        Customer.tenant_id, Customer.id, func.customer_lexemes(Customer.tenant_id, Customer.id)
    ).where(Customer.id > mark.customers_left, Customer.id <= upper)
    columns = ["tenant_id", "customer_id", "words"]
    # Who was changed since has the words of then.
    written = insert(CustomerWords).from_select(columns, rows).on_conflict_do_nothing()
    return len(db.session.execute(written.returning(CustomerWords.customer_id)).all()), True


def _number(xid: ColumnElement[object]) -> ColumnElement[int]:
    return cast(cast(xid, Text), BigInteger)

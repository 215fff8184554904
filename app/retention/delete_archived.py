"""Deletes the messages that stand in an archive, and no other: as many at once as hold no lock for
long, on whatever disk."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import (
    ColumnElement,
    Executable,
    Text,
    case,
    column,
    delete,
    exists,
    func,
    select,
    table,
)
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from app.extensions import db
from app.models import Conversation, Media, Message, MessageCount
from app.retention.mend_conversations import mend
from app.retention.old_messages import goes
from app.retention.pace import (
    IDLE_TIMEOUT,
    LOCK_TIMEOUT,
    STATEMENT_TIMEOUT,
    TRANSACTION_TIMEOUT,
    Pace,
    TooLong,
)

TIMEOUTS = {
    "lock_timeout": LOCK_TIMEOUT,
    "statement_timeout": STATEMENT_TIMEOUT,
    # These end the connection, and the next batch has another.
    "idle_in_transaction_session_timeout": IDLE_TIMEOUT,
    "transaction_timeout": TRANSACTION_TIMEOUT,
}
HOW = {
    # The reports go on telling what was (migration 0068).
    "app.archived": "on",
    # No disk and no standby is waited for with the locks in hand: what is lost with a server that
    # dies goes again, as nothing is done before a later commit, which waits for both.
    "synchronous_commit": "off",
}
NOT_ITS_TIME = (OperationalError, InternalError)
# Beyond so many ids a statement that only looks is no faster.
MOST = 500


def delete_some(ids: Iterable[int], before: datetime, pace: Pace) -> Iterator[int]:
    """Delete those of the messages that go, each batch committed; of each batch, how many went.
    What others hold, or what takes too long, is left for the next time."""
    rest = iter(ids)
    while batch := list(islice(rest, pace.at_once)):
        yield _attempt(batch, before, pace)


def some_left(ids: Iterable[int], before: datetime) -> bool:
    """Whether there is still one that goes."""
    rest, left = iter(ids), None
    while left is None and (batch := list(islice(rest, MOST))):
        left = db.session.scalar(select(Message.id).where(Message.id.in_(batch), goes(before)))
        db.session.rollback()
    return left is not None


def _attempt(ids: Sequence[int], before: datetime, pace: Pace) -> int:
    """A batch that takes too long is taken back, and done by halves."""
    try:
        return _timed(ids, before, pace)
    except TooLong:
        half = len(ids) // 2
    if not half:
        _delete_files(ids[0], before)
        return 0
    return sum(_attempt(part, before, pace) for part in (ids[:half], ids[half:]))


def _timed(ids: Sequence[int], before: datetime, pace: Pace) -> int:
    """Raises TooLong, with nothing held any more; also where the database is away, which whoever
    goes on finds out."""
    with pace.timed():
        try:
            begun = _limited()
            gone = _delete(ids, before, pace)
            pace.held((_moment() - begun).total_seconds())
            db.session.commit()
        except DBAPIError as error:
            if isinstance(error, NOT_ITS_TIME) or error.connection_invalidated:
                raise TooLong from error
            raise
        finally:
            _let_go()
    return gone


def _let_go() -> None:
    try:
        db.session.rollback()
    except DBAPIError:
        # PostgreSQL has ended the connection.
        db.session().invalidate()


def _delete(ids: Sequence[int], before: datetime, pace: Pace) -> int:
    """The conversations are held first, the counters last: one order, as in receive.sql."""
    held = _hold_conversations(ids)
    found = select(Message.id, Message.customer_id, Message.channel, Message.direction)
    found = found.where(Message.id.in_(ids), goes(before), _of_those(held)).order_by(Message.id)
    rows = db.session.execute(found.with_for_update(skip_locked=True, of=Message)).all()
    if not rows:
        return 0
    gone = [row.id for row in rows]
    pace.check()
    _run(delete(Message).where(Message.id.in_(gone)))
    pace.check()
    mend({row.customer_id for row in rows}, gone, before)
    pace.check()
    for (channel, way), many in sorted(Counter((row[2], row[3]) for row in rows).items()):
        _run(MessageCount.remove_old(channel, way, many))
    return len(gone)


def _hold_conversations(ids: Sequence[int]) -> Sequence[int]:
    """The customers of the messages whose conversation nobody else holds."""
    whose = select(Message.customer_id).where(Message.id.in_(ids))
    free = select(Conversation.customer_id).where(Conversation.customer_id.in_(whose))
    held = free.order_by(Conversation.customer_id).with_for_update(skip_locked=True)
    return db.session.scalars(held).all()


def _of_those(held: Sequence[int]) -> ColumnElement[bool]:
    """The condition that its customer's conversation is ours, or that they have none."""
    another = exists().where(
        Conversation.tenant_id == Message.tenant_id,
        Conversation.customer_id == Message.customer_id,
        Conversation.customer_id.not_in(held),
    )
    return ~another


def _delete_files(message_id: int, before: datetime) -> None:
    """Of a message that is too much at once, its files one by one: nobody else has to do with
    them. It goes itself the next time."""
    old = db.session.scalar(select(Message.id).where(Message.id == message_id, goes(before)))
    for file in db.session.scalars(select(Media.id).where(Media.message_id == old)).all():
        _run(delete(Media).where(Media.id == file))
        db.session.commit()


def _limited() -> datetime:
    """Limit this transaction, which holds nothing yet, by what the server knows of; the moment."""
    for name, value in HOW.items():
        db.session.execute(select(func.set_config(name, value, True)))
    known = table("pg_settings", column("name", Text))
    values = case(TIMEOUTS, value=known.c.name)
    limits = select(func.set_config(known.c.name, values, True)).select_from(known)
    db.session.execute(limits.where(known.c.name.in_(TIMEOUTS)))
    return _moment()


def _moment() -> datetime:
    """By PostgreSQL's clock."""
    moment: datetime = db.session.scalars(select(func.clock_timestamp())).one()
    return moment


def _run(statement: Executable) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))

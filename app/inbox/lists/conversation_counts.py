"""How many conversations a list has, from counters that triggers keep (models/conversation_count).

No conversation is read for it. A snooze that is over counts as one until it is woken: for half a
minute at most.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, and_, case, func, select

from app.extensions import db
from app.inbox.conversations import Filter
from app.inbox.list_views import View
from app.models import ConversationCount as Count
from app.models import ConversationState as State


def counts(of: Sequence[Filter]) -> list[int | None]:
    """How many each list has, in their order, by one statement; None: what words find is not
    counted."""
    counted = [wanted for wanted in of if not wanted.text]
    sums = [func.sum(case((_kind(wanted), Count.conversations), else_=0)) for wanted in counted]
    found = iter(db.session.execute(select(*sums).select_from(Count)).one()) if sums else iter(())
    return [None if wanted.text else next(found) or 0 for wanted in of]


def _kind(wanted: Filter) -> ColumnElement[bool]:
    """The condition that a counter counts conversations of the list."""
    return and_(*_view(wanted), *_narrowed(wanted))


def _view(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    match wanted.view:
        case View.OPEN | View.SNOOZED | View.CLOSED:
            yield Count.state == State(wanted.view)
        case View.MINE:
            yield Count.state == State.OPEN
            yield Count.assignee_id.in_([] if wanted.mine is None else [wanted.mine])
        case View.UNASSIGNED:
            yield Count.state == State.OPEN
            yield Count.assignee_id.is_(None)
        case View.WAITING:
            yield and_(Count.waiting)
        case View.READ:
            yield and_(Count.waiting, ~Count.unread)
        case View.FAILED:
            yield and_(Count.failed)


def _narrowed(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    yield Count.label_id.is_(None) if wanted.label is None else Count.label_id == wanted.label
    if wanted.channel:
        yield Count.channel == wanted.channel
    if wanted.assignee is not None:
        yield Count.assignee_id == wanted.assignee
    if wanted.unread:
        yield and_(Count.unread)

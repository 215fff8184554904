"""Views of the list of conversations, and how many are in those that somebody has to see to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.extensions import db
from app.inbox import failures
from app.models import Conversation

MOST = failures.MOST


class View(StrEnum):
    """Of which conversations the list is. What is snoozed or closed is out of the way: none of the
    first four has it."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    """For us: a person has written or rung, and nobody has answered or closed it."""
    SNOOZED = "snoozed"
    CLOSED = "closed"
    ALL = "all"


def which(view: View, mine: int | None, now: datetime) -> Sequence[ColumnElement[bool]]:
    """The conditions of the view, for whom MINE is; each view has an index."""
    whose = [] if mine is None else [mine]
    at_hand = (Conversation.not_closed(), ~Conversation.snoozed(now))
    match view:
        case View.OPEN:
            return at_hand
        case View.MINE:
            return (Conversation.assignee_id.in_(whose), *at_hand)
        case View.UNASSIGNED:
            return (Conversation.assignee_id.is_(None), *at_hand)
        case View.WAITING:
            return (Conversation.waiting_since.is_not(None),)
        case View.SNOOZED:
            return (Conversation.snoozed(now),)
        case View.CLOSED:
            return (Conversation.closed(),)
        case View.ALL:
            return ()


@dataclass(frozen=True)
class Counts:
    """How many conversations somebody has to see to, of each kind MOST at most."""

    mine: int
    waiting: int
    failed: int


def counts(mine: int | None, now: datetime) -> Counts:
    """By one statement."""
    theirs, waiting = (_count(view, mine, now) for view in (View.MINE, View.WAITING))
    return Counts(*db.session.execute(select(theirs, waiting, failures.counted())).one())


def _count(view: View, mine: int | None, now: datetime) -> ScalarSelect[int]:
    some = select(Conversation.id).where(*which(view, mine, now)).limit(MOST).subquery()
    return select(func.count()).select_from(some).scalar_subquery()

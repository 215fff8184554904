"""Views of the list of conversations: the folders that every business has."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_

from app.models import Conversation


class View(StrEnum):
    """Of which conversations the list is. What is snoozed or closed is out of the way: none of the
    first four has it."""

    OPEN = "open"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    """For us: a person has written or rung last, and nobody has answered or said that it is done;
    also one that has been read."""
    READ = "read"
    """Of those that wait for us, the ones that somebody has read."""
    SNOOZED = "snoozed"
    CLOSED = "closed"
    FAILED = "failed"
    """A message did not arrive, and nobody has dealt with it."""
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
        case View.READ:
            return (Conversation.waiting_since.is_not(None), Conversation.unread_count == 0)
        case View.SNOOZED:
            return (Conversation.snoozed(now),)
        case View.CLOSED:
            return (Conversation.closed(),)
        case View.FAILED:
            return (and_(Conversation.failed),)
        case View.ALL:
            return ()

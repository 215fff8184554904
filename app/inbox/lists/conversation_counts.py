"""How many conversations a list has, from counters that triggers keep (models/conversation_count).

No conversation is read for it. A snooze that is over counts as one until it is woken: for half a
minute at most.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, Integer, Select, any_, func, select

from app.inbox.conversations import Filter
from app.inbox.list_views import View
from app.models import ConversationCount as Count
from app.models import ConversationState as State
from app.prepared import Prepared, Question, given


class Kind(NamedTuple):
    """So many conversations that are alike; of those with several labels one for each, too."""

    state: str
    waiting: bool
    unread: bool
    failed: bool
    assignee_id: int | None
    label_id: int | None
    conversations: int
    channel: str = ""
    """Empty: those of all channels are together."""


def _summed(*more: Any) -> Select[*tuple[Any, ...]]:
    by = (Count.state, Count.waiting, Count.unread, Count.failed, Count.assignee_id, Count.label_id)
    wanted = Count.label_id.is_(None) | (Count.label_id == any_(given("labels", ARRAY(Integer))))
    return select(*by, func.sum(Count.conversations), *more).where(wanted).group_by(*by, *more)


_TOGETHER, _BY_CHANNEL = Prepared(Kind, _summed()), Prepared(Kind, _summed(Count.channel))


def counts(of: Sequence[Filter]) -> list[int | None]:
    """How many each list has, in their order, by one statement; None: what words find is not
    counted."""
    return asked_counts(of).answer


def asked_counts(of: Sequence[Filter]) -> Question[list[int | None]]:
    """Of the sums of each kind, told apart by no more than these lists ask for: a few dozen."""
    labels = {wanted.label for wanted in of if wanted.label is not None}
    kinds = _BY_CHANNEL if any(wanted.channel for wanted in of) else _TOGETHER
    return kinds.question(lambda found: _counted(of, found), labels=list(labels))


def nobody_yet() -> bool:
    """Whether there is no conversation at all, whatever may have become of it."""
    return counts([Filter(View.ALL)]) == [0]


def _counted(of: Sequence[Filter], kinds: Sequence[Kind]) -> list[int | None]:
    return [None if wanted.text else _count(wanted, kinds) for wanted in of]


def _count(wanted: Filter, kinds: Sequence[Kind]) -> int:
    return sum(
        kind.conversations
        for kind in kinds
        if kind.label_id == wanted.label
        and (not wanted.channel or kind.channel == wanted.channel)
        and (wanted.assignee is None or kind.assignee_id == wanted.assignee)
        and (kind.unread or not wanted.unread)
        and _in_view(kind, wanted)
    )


def _in_view(kind: Kind, wanted: Filter) -> bool:
    match wanted.view:
        case View.OPEN | View.SNOOZED | View.CLOSED:
            return kind.state == wanted.view
        case View.MINE:
            mine = wanted.mine is not None and kind.assignee_id == wanted.mine
            return mine and bool(kind.state == State.OPEN)
        case View.UNASSIGNED:
            return kind.assignee_id is None and bool(kind.state == State.OPEN)
        case View.WAITING:
            return bool(kind.waiting)
        case View.READ:
            return bool(kind.waiting and not kind.unread)
        case View.FAILED:
            return bool(kind.failed)
        case View.ALL:
            return True

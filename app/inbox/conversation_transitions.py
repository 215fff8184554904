"""The life of a conversation: its states, the moves between them, and each move's guard.

A conversation rests (it is snoozed or closed) as long as the customer is silent: `waiting_since`,
which the statement that stores a message or a missed call writes, overrules what staff have done.
So the webhook need not know of it, and what two do at once is settled by the row itself: whatever
is heard after a conversation was put to rest opens it. Where nobody need answer after all
(`attend`), it rests again. A STOP, and what goes out by itself, opens nothing.

Nothing else writes these columns (tests/architecture/test_transitions.py). Every function gives a
statement, as part of the caller's transaction; of two who act at once the second finds nothing to
move. docs/architecture.md has the picture, made by `python -m scripts.state_diagrams`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Update,
    and_,
    exists,
    func,
    or_,
    select,
    update,
)

from app.lib.message_status import MessageStatus
from app.lib.state_machine import Move
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call, Conversation, Direction, Message, Promise
from app.models import ConversationState as State
from app.tenancy import current_tenant_id

STATES = {
    State.OPEN: "somebody may have to see to it",
    State.SNOOZED: "out of the way until its time",
    State.CLOSED: "done",
}

MOVES = {
    "begin": Move((), (State.OPEN,), "the first message, either way, or missed call"),
    "hear": Move((State.SNOOZED, State.CLOSED), (State.OPEN,), "the customer wrote, or rang"),
    "attend": Move((State.OPEN,), (State.SNOOZED, State.CLOSED), "and was answered by itself"),
    "finish": Move((State.OPEN,), (State.SNOOZED, State.CLOSED), "staff say that it is done"),
    "answer": Move((State.SNOOZED, State.CLOSED), (State.OPEN,), "staff wrote by hand"),
    "take_back": Move((State.OPEN,), (State.SNOOZED, State.CLOSED), "and took it back"),
    "close": Move((State.OPEN, State.SNOOZED), (State.CLOSED,), "staff or a rule are done"),
    "snooze": Move((State.OPEN, State.CLOSED), (State.SNOOZED,), "they see to it later"),
    "reopen": Move((State.SNOOZED, State.CLOSED), (State.OPEN,), "they see to it now"),
    "promise": Move(
        (State.SNOOZED, State.CLOSED), (State.OPEN,), "staff promised something, or it is due"
    ),
    "keep_promise": Move((State.OPEN,), (State.SNOOZED, State.CLOSED), "and did it"),
    "merge": Move(
        (State.SNOOZED, State.CLOSED), tuple(State), "two customers are one, or two again"
    ),
    "wake": Move((State.SNOOZED,), (State.OPEN,), "its time has come"),
}

# Since when they wait, with what a snooze put aside.
WAITS_SINCE = func.least(Conversation.waiting_since, Conversation.waited_since)
# What was unread or marked for a person needs nobody.
SEEN_TO: dict[str, Any] = {"unread_count": 0, "open_reply_id": None}
Which = ColumnElement[bool]


def answer() -> dict[str, Any]:
    """What a message by hand writes beside its own: nobody waits, and nothing rests."""
    none = ("closed_at", "snoozed_until", "waiting_since", "waited_since")
    return dict.fromkeys(none)


def answer_to(customer_id: int) -> dict[str, Any]:
    """The same, but what is promised them still waits for us."""
    return answer() | {"waiting_since": _promised_since(customer_id)}


def _promised_since(customer_id: int) -> ScalarSelect[datetime]:
    """Since when the first of what is promised and not done waits. An insert is not narrowed."""
    mine = Promise.tenant_id == current_tenant_id(), Promise.customer_id == customer_id
    first = select(func.min(Promise.made_at)).where(*mine, Promise.done_at.is_(None))
    return first.scalar_subquery()


def _waits_for_promise_alone(customer_id: int) -> ColumnElement[bool]:
    """As an answer leaves it."""
    return Conversation.waiting_since.is_not_distinct_from(_promised_since(customer_id))


def close(which: Which, at: datetime) -> Update:
    """Nobody waits any more, and what was unread has been seen to. One in which they may want no
    more messages stays: somebody has to decide that first."""
    values = answer() | SEEN_TO | {"closed_at": at}
    decided = Conversation.stop_asked_id.is_(None)
    return _update(and_(which, decided, ~Conversation.closed()), **values)


def finish(which: Which) -> Update:
    """Nobody need answer what the customer wrote: it is as before they did."""
    marks = (Conversation.waiting_since, Conversation.waited_since, Conversation.open_reply_id)
    waits = or_(*(mark.is_not(None) for mark in marks))
    none = {"waiting_since": None, "waited_since": None}
    return _update(and_(which, waits), **none, **SEEN_TO)


def snooze(which: Which, until: datetime) -> Update:
    """Also again, until another time. Since when they wait is put aside till then."""
    already = and_(Conversation.snoozed_until == until, Conversation.waiting_since.is_(None))
    anew = or_(Conversation.snoozed_until.is_(None), ~already)
    values = {"closed_at": None, "snoozed_until": until}
    return _update(and_(which, anew), **values, waited_since=WAITS_SINCE, waiting_since=None)


def reopen(which: Which) -> Update:
    rests = or_(Conversation.closed_at.is_not(None), Conversation.snoozed_until.is_not(None))
    return _update(and_(which, rests), **_awake())


def due(now: datetime, most: int) -> Select[Conversation]:
    """Those whose snooze is over, locked; what others hold is skipped."""
    over = select(Conversation).where(Conversation.snoozed_until <= now)
    return over.order_by(Conversation.snoozed_until).limit(most).with_for_update(skip_locked=True)


def wake(which: Which, now: datetime) -> Update:
    return _update(and_(which, Conversation.snoozed_until <= now), **_awake())


def promise(which: Which, at: datetime) -> Update:
    """Something was promised at that time, or is due since: it waits for us."""
    return _update(which, waiting_since=func.least(Conversation.waiting_since, at))


def keep_promise(customer_id: int, made_at: datetime) -> Update:
    """The last was done: what waited for any waits only for what the customer wrote, or rang for in
    vain, since it was promised and staff wrote last."""
    wrote = select(func.max(Message.created_at)).where(
        Message.customer_id == customer_id,
        Message.author_id.is_not(None),
        Message.status != MessageStatus.CANCELLED,
    )
    since = func.greatest(made_at, wrote.scalar_subquery())
    heard = select(func.min(Message.created_at)).where(
        Message.customer_id == customer_id,
        Message.direction == Direction.INBOUND,
        Message.created_at > since,
    )
    rang = select(func.min(Call.started_at)).where(
        Call.customer_id == customer_id,
        Call.outcome == CallOutcome.MISSED,
        Call.started_at > since,
    )
    for_one = exists().where(
        Promise.tenant_id == Conversation.tenant_id,
        Promise.customer_id == customer_id,
        Conversation.waiting_since.in_((Promise.made_at, Promise.due_at)),
    )
    its = and_(Conversation.customer_id == customer_id, for_one)
    still = func.least(heard.scalar_subquery(), rang.scalar_subquery())
    return _update(its, waiting_since=still)


def attend(message: Message) -> Update:
    """Nobody need answer the customer's message, unless something else of theirs waits, too."""
    later = exists().where(
        Message.tenant_id == Conversation.tenant_id,
        Message.customer_id == Conversation.customer_id,
        Message.direction == Direction.INBOUND,
        Message.id > message.id,
    )
    rang = exists().where(
        Call.tenant_id == Conversation.tenant_id,
        Call.customer_id == Conversation.customer_id,
        Call.outcome == CallOutcome.MISSED,
        Call.started_at > message.created_at,
    )
    alone = and_(
        Conversation.customer_id == message.customer_id,
        Conversation.waiting_since >= message.created_at,
        ~later,
        ~rang,
    )
    return _update(alone, waiting_since=None)


def unanswer(customer_id: int) -> Update:
    """Staff took back what they wrote: who wrote since their last answer waits again, unless the
    conversation has been put to rest meanwhile."""
    answers = select(func.max(Message.id)).where(
        Message.customer_id == customer_id,
        Message.author_id.is_not(None),
        Message.status != MessageStatus.CANCELLED,
    )
    heard = select(func.min(Message.created_at)).where(
        Message.customer_id == customer_id,
        Message.direction == Direction.INBOUND,
        Message.id > func.coalesce(answers.scalar_subquery(), 0),
    )
    awake = and_(
        Conversation.customer_id == customer_id,
        _waits_for_promise_alone(customer_id),
        Conversation.closed_at.is_(None),
        Conversation.snoozed_until.is_(None),
    )
    since = func.least(Conversation.waiting_since, heard.scalar_subquery())
    return _update(awake, waiting_since=since)


def take_back(message: Message, before: dict[str, Any]) -> Update:
    """Staff took back what they wrote: the conversation is in all as it was before, unless
    something has come or been done with it since."""
    untouched = and_(
        Conversation.customer_id == message.customer_id,
        Conversation.last_message_id == message.id,
        Conversation.last_message_at == message.created_at,
        *(each.is_(None) for each in (Conversation.closed_at, Conversation.snoozed_until)),
        _waits_for_promise_alone(message.customer_id),
    )
    return _update(untouched, **before)


def merge(customer_id: int, columns: dict[str, Any]) -> Update:
    """Two conversations have become one, or two again: it is what app/customers/merging worked out
    of theirs."""
    return _update(Conversation.customer_id == customer_id, **columns)


def _awake() -> dict[str, Any]:
    return answer() | {"waiting_since": WAITS_SINCE}


def _update(which: Which, **values: Any) -> Update:
    statement = update(Conversation).where(which).values(**values)
    return statement.execution_options(synchronize_session=False)

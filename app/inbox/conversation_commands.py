"""What staff, rules and programs do with the conversation with a customer.

Each is part of the caller's transaction, done twice it is done once, and says whether it changed
anything; what it changed stands in the timeline. A customer without a conversation has nothing to
be changed. After the commit the caller tells the open pages: `live.publish`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Update, and_, func, select, update

from app.extensions import db
from app.inbox import conversation_transitions as transitions
from app.inbox.conversation_log import By, name_of, write
from app.inbox.team import notices
from app.models import Conversation, Reply, User
from app.models import ConversationEventKind as Kind
from app.prepared import Prepared, Question


class NotAssignable(ValueError):
    """The user is none of the business's, or signs in no more; says so in a person's words."""


class TooLate(ValueError):
    """A time to snooze until that is over; likewise."""


@dataclass(frozen=True)
class Seen:
    """Up to what whoever acts has seen the conversation, as mark_read is told."""

    message_id: int
    call_id: int = 0


def close(customer_id: int, by: By, at: datetime, seen: Seen | None = None) -> bool:
    """Out of the inbox, until the customer writes again. With seen: unless something came after
    that. Not while it is undecided whether they want no more messages."""
    if not _moved(transitions.close(_of(customer_id, seen), at)):
        return False
    write(Kind.CLOSED, customer_id, by, at)
    return True


def finish(customer_id: int, by: By, at: datetime, seen: Seen | None = None) -> bool:
    """Done: what they wrote needs no answer; seen as for close."""
    if not _moved(transitions.finish(_of(customer_id, seen))):
        return False
    write(Kind.FINISHED, customer_id, by, at)
    return True


def finish_reply(customer_id: int, reply_id: int, by: By, at: datetime) -> bool:
    """Done: their answer to a reminder, and what they wrote before; whether it was the one that
    waited. What they wrote after it still waits."""
    message_id = db.session.scalar(select(Reply.message_id).where(Reply.id == reply_id))
    it_waits = Conversation.open_reply_id == reply_id
    alone = and_(_of(customer_id, Seen(message_id or 0)), it_waits)
    if _moved(transitions.finish(alone)):
        write(Kind.FINISHED, customer_id, by, at)
        return True
    marked = update(Conversation).where(_of(customer_id), it_waits).values(open_reply_id=None)
    return _moved(marked.execution_options(synchronize_session=False))


def snooze(
    customer_id: int, until: datetime, by: By, at: datetime, seen: Seen | None = None
) -> bool:
    """Out of the inbox until a time, or until the customer writes again; seen as for close.

    Raises TooLate for a time that is over.
    """
    if until <= at:
        raise TooLate("That time is over already. Choose a later one.")
    if not _moved(transitions.snooze(_of(customer_id, seen), until)):
        return False
    write(Kind.SNOOZED, customer_id, by, at, until=until)
    return True


def open_(customer_id: int, by: By, at: datetime) -> bool:
    """Back into the inbox, from closed or snoozed."""
    if not _moved(transitions.reopen(_of(customer_id))):
        return False
    write(Kind.OPENED, customer_id, by, at)
    return True


def assign(customer_id: int, user_id: int | None, by: By, at: datetime) -> bool:
    """Give the conversation to a user of the business, or (None) to nobody.

    Raises NotAssignable.
    """
    name = _assignable(user_id)
    another = Conversation.assignee_id.is_distinct_from(user_id)
    before = db.session.scalar(
        select(Conversation.assignee_id).where(_of(customer_id), another).with_for_update()
    )
    given = update(Conversation).where(_of(customer_id), another).values(assignee_id=user_id)
    if not _moved(given.execution_options(synchronize_session=False)):
        return False
    kind = Kind.UNASSIGNED if user_id is None else Kind.ASSIGNED
    write(kind, customer_id, by, at, about=name or name_of(before))
    notices.assigned(user_id, customer_id, by, at)
    return True


def take(customer_id: int, user_id: int, at: datetime) -> None:
    """Whoever answers a conversation that is nobody's sees to it from then on."""
    free = _of(customer_id) & Conversation.assignee_id.is_(None)
    taken = update(Conversation).where(free).values(assignee_id=user_id)
    if _moved(taken.execution_options(synchronize_session=False)):
        write(Kind.ASSIGNED, customer_id, By(user_id), at, about=name_of(user_id))


class Colleague(NamedTuple):
    id: int
    name: str
    email: str
    role: str
    sees: str

    def __str__(self) -> str:
        return self.name or self.email


_NAMED = func.lower(func.coalesce(func.nullif(User.name, ""), User.email))
_COLLEAGUES = Prepared(
    Colleague,
    select(User.id, User.name, User.email, User.role, User.sees)
    .where(User.active)
    .order_by(_NAMED, User.id),
)


def assignable() -> list[Colleague]:
    """The users of the business who may sign in, by name."""
    return asked_assignable().answer


def asked_assignable() -> Question[list[Colleague]]:
    return _COLLEAGUES.question(list)


def _assignable(user_id: int | None) -> str | None:
    if user_id is None:
        return None
    user = db.session.scalar(select(User).where(User.id == user_id))
    if user is None or not user.active:
        raise NotAssignable("This person works here no more, or cannot sign in. Choose another.")
    return str(user)


def _of(customer_id: int, seen: Seen | None = None) -> ColumnElement[bool]:
    of = Conversation.customer_id == customer_id
    if seen is None:
        return of
    last_call = func.coalesce(Conversation.last_call_id, 0)
    nothing_after = (Conversation.last_message_id <= seen.message_id, last_call <= seen.call_id)
    return and_(of, *nothing_after)


def _moved(move: Update) -> bool:
    return db.session.scalar(move.returning(Conversation.id)) is not None

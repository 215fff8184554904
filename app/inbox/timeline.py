"""What stands between the messages of a thread: calls, notes, what was done with it, and
what rules did.

Each of a page's time: since its first message (None: from the beginning), until the message with
the id `before` was said (None: until now); the latest MOST of them, in their order. All are plain
rows, as the columns of what they are rows of.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import BigInteger, DateTime, Integer, Select, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute

from app.lib.telephone.call_outcome import CallOutcome
from app.models import AutomationRun, Call, ConversationEvent, Message, Note, RunStatus, User
from app.prepared import Prepared, Question, given

MOST = 50
ALWAYS, NEVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
R = TypeVar("R")


class CallRow(NamedTuple):
    id: int
    caller: str
    outcome: str
    started_at: datetime
    duration_seconds: int


class NoteRow(NamedTuple):
    id: int
    body: str
    created_at: datetime
    user_id: int | None
    rule_id: int | None
    rule_name: str | None
    user: str | None


class EventRow(NamedTuple):
    id: int
    at: datetime
    kind: str
    about: str | None
    until: datetime | None
    appointment_id: int | None
    starts_at: datetime | None
    was_at: datetime | None
    by_customer: bool
    rule_name: str | None
    user: str | None


class RunRow(NamedTuple):
    id: int
    customer_id: int | None
    rule_name: str
    done: Sequence[str]
    done_at: datetime | None


def calls(customer_id: int, since: datetime | None, before: int | None) -> Question[list[CallRow]]:
    """The calls that are over."""
    return _of(_CALLS, customer_id, since, before)


def notes(customer_id: int, since: datetime | None, before: int | None) -> Question[list[NoteRow]]:
    """The team's notes, with those who wrote them."""
    return _of(_NOTES, customer_id, since, before)


def events(
    customer_id: int, since: datetime | None, before: int | None
) -> Question[list[EventRow]]:
    """What was done with the conversation, with those who did it; of rules their runs tell."""
    return _of(_EVENTS, customer_id, since, before)


def runs(customer_id: int, since: datetime | None, before: int | None) -> Question[list[RunRow]]:
    """What rules did about the customer."""
    return _of(_RUNS, customer_id, since, before)


def _of(
    which: Prepared[R], customer_id: int, since: datetime | None, before: int | None
) -> Question[list[R]]:
    return which.question(
        lambda found: found[::-1], customer_id=customer_id, since=since or ALWAYS, before=before
    )


def _lately(
    kind: Any, row: type[NamedTuple], at: InstrumentedAttribute[Any]
) -> Select[*tuple[Any, ...]]:
    """The latest of them in that time, the last first, with whoever did it."""
    own = [getattr(kind, name) for name in row._fields if name != "user"]
    who = [func.coalesce(func.nullif(User.name, ""), User.email)] if "user" in row._fields else []
    said = select(Message.created_at).where(
        Message.customer_id == given("customer_id", Integer()),
        Message.id == given("before", BigInteger()),
    )
    query: Select[*tuple[Any, ...]] = select(*own, *who).where(
        kind.customer_id == given("customer_id", Integer()),
        at >= given("since", DateTime(timezone=True)),
        at < func.coalesce(said.scalar_subquery(), literal(NEVER, DateTime(timezone=True))),
    )
    if who:
        query = query.outerjoin(User, User.id == kind.user_id)
    return query.order_by(at.desc(), kind.id.desc()).limit(MOST)


_CALLS = Prepared(
    CallRow, _lately(Call, CallRow, Call.started_at).where(Call.outcome != CallOutcome.RINGING)
)
_NOTES = Prepared(NoteRow, _lately(Note, NoteRow, Note.created_at))
_EVENTS = Prepared(
    EventRow,
    _lately(ConversationEvent, EventRow, ConversationEvent.at).where(
        ConversationEvent.rule_name.is_(None)
    ),
)
_RUNS = Prepared(
    RunRow,
    _lately(AutomationRun, RunRow, AutomationRun.done_at).where(
        AutomationRun.status == RunStatus.DONE
    ),
)

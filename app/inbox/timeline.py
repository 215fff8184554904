"""What stands between the messages of a thread: calls, notes, what was done with it, and
what rules did.

Each of a page's time: since its first message (None: from the beginning), until the message with
the id `before` was said (None: until now); the latest MOST of them, in their order.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.extensions import db
from app.lib.telephone.call_outcome import CallOutcome
from app.models import AutomationRun, Call, ConversationEvent, Message, Note, RunStatus

MOST = 50


def calls(customer_id: int, since: datetime | None, before: int | None) -> list[Call]:
    """The calls that are over."""
    query = (
        select(Call)
        .where(Call.customer_id == customer_id, Call.outcome != CallOutcome.RINGING)
        .where(*_time(Call.started_at, customer_id, since, before))
        .order_by(Call.started_at.desc())
    )
    return list(db.session.scalars(query.limit(MOST)))[::-1]


def notes(customer_id: int, since: datetime | None, before: int | None) -> list[Note]:
    """The team's notes, with those who wrote them."""
    query = (
        select(Note)
        .where(Note.customer_id == customer_id)
        .where(*_time(Note.created_at, customer_id, since, before))
        .options(joinedload(Note.user))
        .order_by(Note.created_at.desc(), Note.id.desc())
    )
    return list(db.session.scalars(query.limit(MOST)))[::-1]


def events(customer_id: int, since: datetime | None, before: int | None) -> list[ConversationEvent]:
    """What was done with the conversation, with those who did it; of rules their runs tell."""
    query = (
        select(ConversationEvent)
        .where(ConversationEvent.customer_id == customer_id, ConversationEvent.rule_name.is_(None))
        .where(*_time(ConversationEvent.at, customer_id, since, before))
        .options(joinedload(ConversationEvent.user))
        .order_by(ConversationEvent.at.desc(), ConversationEvent.id.desc())
    )
    return list(db.session.scalars(query.limit(MOST)))[::-1]


def runs(customer_id: int, since: datetime | None, before: int | None) -> list[AutomationRun]:
    """What rules did about the customer."""
    query = (
        select(AutomationRun)
        .where(AutomationRun.customer_id == customer_id, AutomationRun.status == RunStatus.DONE)
        .where(*_time(AutomationRun.done_at, customer_id, since, before))
        .order_by(AutomationRun.done_at.desc(), AutomationRun.id.desc())
    )
    return list(db.session.scalars(query.limit(MOST)))[::-1]


def _time(
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    customer_id: int,
    since: datetime | None,
    before: int | None,
) -> Sequence[ColumnElement[bool]]:
    when = [] if since is None else [at >= since]
    if before is None:
        return when
    said = select(Message.created_at).where(
        Message.customer_id == customer_id, Message.id == before
    )
    return [*when, at < said.scalar_subquery()]

"""What happened of late: as it was told, and, from before that, as its rows have it."""

from collections.abc import Collection
from datetime import datetime
from heapq import merge
from itertools import islice

from sqlalchemy import ColumnElement, exists, select

from app.automation.who_wrote import by_a_person
from app.extensions import db
from app.lib.telephone.call_outcome import CallOutcome
from app.models import (
    AutomationEvent,
    Call,
    EventType,
    Message,
    Origin,
)
from app.tenancy import current_tenant_id


def latest(
    types: Collection[EventType], since: datetime, by_rules: bool, most: int
) -> list[AutomationEvent]:
    """Of these types since then, the latest first, at most so many; what was made of rows is in no
    session. by_rules: whether also what rules made happen."""
    found = [_told(types, since, by_rules, most)]
    if EventType.MESSAGE_RECEIVED in types:
        found.append(_received(since, most))
    if EventType.CALL_MISSED in types:
        found.append(_missed(since, most))
    return list(islice(merge(*found, key=lambda event: event.at, reverse=True), most))


def _told(
    types: Collection[EventType], since: datetime, by_rules: bool, most: int
) -> list[AutomationEvent]:
    query = select(AutomationEvent).where(AutomationEvent.type.in_(types))
    if not by_rules:
        query = query.where(AutomationEvent.origin != Origin.AUTOMATION)
    last = query.where(AutomationEvent.at > since).order_by(AutomationEvent.at.desc())
    return list(db.session.scalars(last.limit(most)))


def _received(since: datetime, most: int) -> list[AutomationEvent]:
    query = (
        select(Message)
        .where(by_a_person(), Message.created_at > since)
        .where(_untold(Message, EventType.MESSAGE_RECEIVED))
        .order_by(Message.created_at.desc())
        .limit(most)
    )
    return [
        _event(EventType.MESSAGE_RECEIVED, row.customer_id, row.created_at, message_id=row.id)
        for row in db.session.scalars(query)
    ]


def _missed(since: datetime, most: int) -> list[AutomationEvent]:
    query = (
        select(Call)
        .where(Call.outcome == CallOutcome.MISSED, Call.customer_id.is_not(None))
        .where(Call.missed_at > since, _untold(Call, EventType.CALL_MISSED))
        .order_by(Call.missed_at.desc())
        .limit(most)
    )
    return [
        _event(EventType.CALL_MISSED, row.customer_id, row.missed_at, call_id=row.id)
        for row in db.session.scalars(query)
        if row.customer_id and row.missed_at
    ]


def _untold(kind: type[Message] | type[Call], type_: EventType) -> ColumnElement[bool]:
    return ~exists().where(AutomationEvent.type == type_, AutomationEvent.found_in == kind.id)


def _event(
    type_: EventType,
    customer_id: int,
    at: datetime,
    message_id: int | None = None,
    call_id: int | None = None,
) -> AutomationEvent:
    return AutomationEvent(
        tenant_id=current_tenant_id(),
        type=type_,
        customer_id=customer_id,
        message_id=message_id,
        call_id=call_id,
        facts={},
        origin=Origin.CUSTOMER,
        depth=0,
        at=at,
        due_at=at,
    )

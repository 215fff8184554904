"""Finds what happened and nobody told: messages and calls that came in, and messages that failed.

Their own statements know nothing of it, so that no webhook waits for rules; only where a business's
own systems want to hear of it the database has written the same event already (triggers,
docs/adr/0020-told-by-triggers.md). Each is found once (the key of its event names the row). What
was recovered late, and what no person wrote, is left out.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningInsert

from app.automation.untold import heard, missed, untold
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    AutomationEvent,
    AutomationRun,
    Call,
    EventType,
    Message,
    Origin,
)
from app.outbox.queue.automatic_pause import BY_RULE
from app.tenancy import unscoped

LOOK_BACK = timedelta(days=1)
# Of a kind at a time; the next look finds what is left.
MOST = 5_000


def collect(now: datetime) -> int:
    """Write an event for each that has none, of all tenants, the eldest first, committed; how many.
    The cost grows with what came in within LOOK_BACK."""
    found = 0
    with unscoped("what happened to all tenants is found in one look"):
        for rows in (_received(now), _missed(now), _failed(now)):
            found += len(db.session.scalars(_events(rows)).all())
            db.session.commit()
    return found


def _events(rows: Select[Any]) -> ReturningInsert[Any]:
    names = [str(column.key) for column in rows.selected_columns]
    some = rows.order_by(rows.selected_columns["at"]).limit(MOST)
    written = insert(AutomationEvent).from_select(names, some)
    return written.on_conflict_do_nothing().returning(AutomationEvent.id)


def _row(kind: type[Message] | type[Call], type_: EventType, **values: Any) -> Select[Any]:
    """The columns of an event of the type, for each row of the kind."""
    columns = {
        "tenant_id": kind.tenant_id,
        "type": literal(type_.value),
        "customer_id": kind.customer_id,
        "found_in": kind.id,
        **values,
    }
    return select(*(value.label(name) for name, value in columns.items()))


def _received(now: datetime) -> Select[Any]:
    return _row(
        Message,
        EventType.MESSAGE_RECEIVED,
        message_id=Message.id,
        origin=literal(Origin.CUSTOMER.value),
        at=Message.created_at,
        due_at=Message.created_at,
    ).where(heard(), Message.created_at > now - LOOK_BACK)


def _missed(now: datetime) -> Select[Any]:
    return _row(
        Call,
        EventType.CALL_MISSED,
        call_id=Call.id,
        origin=literal(Origin.CUSTOMER.value),
        at=Call.missed_at,
        due_at=Call.missed_at,
    ).where(
        missed(),
        Call.missed_at > now - LOOK_BACK,
        # One that is looked up days later is no news.
        Call.started_at > now - LOOK_BACK,
    )


def _failed(now: datetime) -> Select[Any]:
    """A rule's own message belongs to what set that rule off."""
    run_id = cast(func.substr(Message.client_token, len(BY_RULE) + 1), BigInteger)
    by_rule = case((Message.client_token.startswith(BY_RULE), run_id), else_=null())
    cause = aliased(AutomationEvent)
    origin = case((cause.id.is_(None), Origin.SYSTEM.value), else_=Origin.AUTOMATION.value)
    at = func.coalesce(Message.attempted_at, Message.send_after)
    return (
        _row(
            Message,
            EventType.MESSAGE_FAILED,
            message_id=Message.id,
            origin=origin,
            cause_id=cause.id,
            depth=func.coalesce(cause.depth + 1, 0),
            at=at,
            due_at=at,
        )
        .select_from(Message)
        .outerjoin(
            AutomationRun,
            and_(AutomationRun.tenant_id == Message.tenant_id, AutomationRun.id == by_rule),
        )
        .outerjoin(
            cause,
            and_(cause.tenant_id == Message.tenant_id, cause.id == AutomationRun.event_id),
        )
        .where(Message.status == MessageStatus.FAILED, Message.send_after > now - LOOK_BACK)
        .where(untold(Message, EventType.MESSAGE_FAILED))
    )

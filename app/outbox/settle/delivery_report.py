"""Delivery reports (status callbacks): in any order, repeated, and before our own commit."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.exc import IntegrityError

from app import live
from app.channels import CHANNELS
from app.extensions import db
from app.inbox.reading import message_life
from app.lib.message_status import MessageStatus
from app.models import Direction, Message
from app.outbox import transitions
from app.outbox.queue.opt_out import carrier_says_stop
from app.outbox.settle import carried_by
from app.outbox.settle.record import FIRST_ASK_AFTER
from app.providers.contract import StatusReport
from app.tenancy import current_tenant_id

# Of the others nothing can be asked: they tell by themselves.
ASKED = [channel.key for channel in CHANNELS.values() if channel.is_asked]


def apply(
    report: StatusReport, public_id: uuid.UUID | None, account_sid: str, now: datetime
) -> bool:
    """Move the message up to the reported status; whether anything changed.

    It is found by our own id in the callback, else by the provider's SID. One that did not leave by
    the account that vouches for the report, or that we never sent, changes nothing.
    """
    if report.status is None:
        return False
    named = Message.direction == Direction.OUTBOUND, _named(report, public_id)
    vouched = Message.account_sid == account_sid
    facts = {
        "provider_sid": func.coalesce(Message.provider_sid, report.sid),
        "ask_at": case((Message.channel.in_(ASKED), _first_ask(now)), else_=None),
        **_outcome(report, now),
    }
    moved = transitions.report([*named, vouched], report.status, **facts).returning(
        Message.id,
        Message.customer_id,
        Message.channel,
        Message.recipient,
        Message.account_sid,
        Message.service_sid,
    )
    try:
        message = db.session.execute(moved).one_or_none()
    except IntegrityError:
        # It names a message of ours and the SID of another: such a report says nothing.
        db.session.rollback()
        return False
    if message is None:
        changed = _changed_nothing(report, [*named, vouched], now)
    else:
        changed = _moved(message, report, now)
    db.session.commit()
    if changed is not None:
        # The list tells by what it went, too.
        live.publish(current_tenant_id(), changed)
    elif message:
        live.publish_steps(
            live.Step(current_tenant_id(), message.customer_id, message.id, report.status)
        )
    return message is not None


def _first_ask(now: datetime) -> ColumnElement[datetime]:
    return func.coalesce(Message.ask_at, now + FIRST_ASK_AFTER)


def _moved(message: Any, report: StatusReport, now: datetime) -> int | None:
    """What else follows from the report; the customer, where the message went by another channel
    than was thought."""
    if report.opted_out:
        carrier_says_stop(message.channel, message.recipient, message.id, message.account_sid, now)
    elsewhere = message.service_sid and carried_by.note(message.id, report, now)
    return message.customer_id if elsewhere else None


def _changed_nothing(
    report: StatusReport, which: list[ColumnElement[bool]], now: datetime
) -> int | None:
    """The same of a report that says no more than what is known."""
    query = select(Message.id, Message.customer_id, Message.status, Message.service_sid)
    known = db.session.execute(query.where(*which)).one_or_none()
    if known is None or report.status is None:
        return None
    message_life.reported_again(known.id, report.status, report.error_code, report.error, now)
    same = known.service_sid and known.status is report.status
    elsewhere = same and carried_by.fell_back(known.id, report, now)
    return known.customer_id if elsewhere else None


def _named(report: StatusReport, public_id: uuid.UUID | None) -> ColumnElement[bool]:
    return Message.public_id == public_id if public_id else Message.provider_sid == report.sid


def _outcome(report: StatusReport, now: datetime) -> dict[str, Any]:
    if report.status is MessageStatus.FAILED:
        return {"error_code": report.error_code, "error": report.error}
    # A delivery proves an earlier doubt or failure wrong.
    return {"sent_at": func.coalesce(Message.sent_at, now), "error_code": None, "error": None}

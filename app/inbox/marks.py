"""What waits for a person: the one answer that the inbox names with its conversation."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Update, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from app import live
from app.extensions import db
from app.models import (
    Answer,
    Appointment,
    Conversation,
    Message,
    Notification,
    Outcome,
    Reply,
)
from app.models.appointment import AppointmentStatus
from app.tenancy import unscoped

# Whoever says so may not come as booked. Nothing lighter that comes later hides it.
HEAVY = (Answer.CANCEL, Answer.MAY_CANCEL, Answer.MOVE, Answer.STOP)
# What nobody needs to know once the appointment is another one, or over.
OF_ITS_TIME = (*HEAVY, Answer.LATE, Answer.MAY_BE_LATE)
# Somebody may write after it was over: staff have so long to see that.
SEEN_BY = timedelta(hours=1)


def mark(message: Message, reply: Reply) -> None:
    """Staff see in the inbox that it waits for them, unless something heavier does already. Of
    what weighs the same the last is shown."""
    marked = update(Conversation).where(Conversation.customer_id == message.customer_id)
    if reply.answer == Answer.CONFIRM:
        marked = marked.where(Conversation.open_reply_id.is_(None))
    elif reply.answer not in HEAVY:
        marked = marked.where(~_waits(Reply.answer.in_(HEAVY)))
    db.session.execute(_with(marked, reply.id))


def settled(appointment: Appointment) -> None:
    """The appointment was moved, or is over: what was said about it waits no more, unless it was
    said of others, too, that are as they were. Part of the caller's transaction."""
    about_it = _of_its_time(_told_of(appointment), ~_others_stand(appointment))
    theirs = Conversation.customer_id == appointment.customer_id
    db.session.execute(_with(update(Conversation).where(theirs, about_it), None))


def _told_of(appointment: Appointment) -> ColumnElement[bool]:
    """The condition that an answer is about it, and perhaps what its reminder told of as well."""
    asked, its = aliased(Notification), aliased(Notification)
    same_message = exists().where(
        asked.tenant_id == Reply.tenant_id,
        asked.id == Reply.notification_id,
        its.tenant_id == Reply.tenant_id,
        its.message_id == asked.message_id,
        its.appointment_id == appointment.id,
    )
    return or_(Reply.appointment_id == appointment.id, same_message)


def _others_stand(appointment: Appointment) -> ColumnElement[bool]:
    """The condition that something else that the reminder told of is expected as it said."""
    asked, other = aliased(Notification), aliased(Notification)
    return exists().where(
        asked.tenant_id == Reply.tenant_id,
        asked.id == Reply.notification_id,
        other.tenant_id == Reply.tenant_id,
        other.message_id == asked.message_id,
        Appointment.tenant_id == Reply.tenant_id,
        Appointment.id == other.appointment_id,
        Appointment.id != appointment.id,
        Appointment.starts_at == other.starts_at,
        Appointment.status.in_((AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)),
    )


def open_about(appointment: Appointment) -> int | None:
    """The id of the answer about it that waits; None: none does."""
    query = select(Reply.id).where(
        Reply.appointment_id == appointment.id,
        exists().where(
            Conversation.tenant_id == Reply.tenant_id, Conversation.open_reply_id == Reply.id
        ),
    )
    return db.session.scalar(query)


def reopen(appointment: Appointment, reply_id: int) -> None:
    """The appointment is back where it was: what was said about it waits again, unless something
    else does meanwhile. Committed."""
    about_it = exists().where(
        Reply.tenant_id == Conversation.tenant_id,
        Reply.id == reply_id,
        Reply.appointment_id == appointment.id,
    )
    marked = update(Conversation).where(
        Conversation.customer_id == appointment.customer_id,
        Conversation.open_reply_id.is_(None),
        about_it,
    )
    db.session.execute(_with(marked, reply_id))
    db.session.commit()
    live.publish(appointment.tenant_id, appointment.customer_id)


def lapse(now: datetime) -> None:
    """What was said about appointments whose time is over waits no more, committed. The cost grows
    with what waits."""
    ends_at = Appointment.starts_at + func.make_interval(
        0, 0, 0, 0, 0, Appointment.duration_minutes
    )
    over = exists().where(
        Appointment.tenant_id == Reply.tenant_id,
        Appointment.id == Reply.appointment_id,
        ends_at < now,
        Reply.at < now - SEEN_BY,
    )
    lapsed = _with(update(Conversation).where(_of_its_time(over)), None)
    with unscoped("marks of all tenants lapse with time"):
        gone = lapsed.returning(Conversation.tenant_id, Conversation.customer_id)
        found = db.session.execute(gone).all()
        db.session.commit()
    for tenant_id, customer_id in found:
        live.publish(tenant_id, customer_id)


def _with(marked: Update, reply_id: int | None) -> Any:
    values = marked.values(open_reply_id=reply_id)
    return values.execution_options(synchronize_session=False)


def _of_its_time(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return _waits(Reply.outcome == Outcome.TO_STAFF, Reply.answer.in_(OF_ITS_TIME), *which)


def _waits(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that such an answer waits in the conversation."""
    return exists().where(
        Reply.tenant_id == Conversation.tenant_id, Reply.id == Conversation.open_reply_id, *which
    )

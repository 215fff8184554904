"""Takes the snapshot by which all rules judge an event."""

from datetime import datetime

from sqlalchemy import func, select

from app import business_hours
from app.automation.snapshot import Snapshot
from app.channels import CHANNELS
from app.extensions import db
from app.memory.customer_history import asked_visits
from app.memory.pinned_facts import asked_pinned
from app.models import (
    Appointment,
    AutomationEvent,
    Call,
    Conversation,
    ConversationLabel,
    Customer,
    Direction,
    Message,
    Tenant,
)
from app.notifications.types.notification_type import EXPECTED
from app.outbox.compose.address import address
from app.outbox.queue.opt_out import opted_out
from app.outbox.refused import Refused


def look(event: AutomationEvent, at: datetime) -> Snapshot:
    """Of the moment that is judged; what is no more is as it is now (labels, who it is assigned
    to, STOP). For the tenant in scope."""
    customer = db.session.get_one(Customer, event.customer_id)
    message = db.session.get(Message, event.message_id) if event.message_id else None
    call = db.session.get(Call, event.call_id) if event.call_id else None
    heard = message if message and message.inbound else None
    hours = business_hours.of_tenant()
    return Snapshot(
        at=at,
        event=event,
        tenant=db.session.get_one(Tenant, event.tenant_id),
        customer=customer,
        message=message,
        appointment=_appointment(event),
        call=call,
        channel=heard.channel if heard else "",
        words=_words(heard) if heard else "",
        language=customer.language or "",
        labels=_labels(customer.id),
        assignee_id=_assignee(customer.id),
        opted_out=_stopped(customer, heard),
        heard_before=_heard_before(customer.id, heard, call, event.at),
        next_appointment=_next_appointment(customer.id, at),
        visits=asked_visits(customer.id),
        pinned=asked_pinned(customer.id),
        open=hours.is_open(at) if hours else None,
    )


def _appointment(event: AutomationEvent) -> Appointment | None:
    return db.session.get(Appointment, event.appointment_id) if event.appointment_id else None


def _words(message: Message) -> str:
    return f"{message.subject}\n{message.body}" if message.subject else message.body


def _labels(customer_id: int) -> frozenset[int]:
    query = select(ConversationLabel.label_id)
    return frozenset(db.session.scalars(query.where(ConversationLabel.customer_id == customer_id)))


def _assignee(customer_id: int) -> int | None:
    query = select(Conversation.assignee_id).where(Conversation.customer_id == customer_id)
    return db.session.scalar(query)


def _stopped(customer: Customer, heard: Message | None) -> bool:
    if heard:
        return opted_out(heard.channel, heard.sender)
    channel = CHANNELS[customer.preferred_channel or "sms"]
    try:
        return opted_out(channel.key, address(customer, channel))
    except Refused:
        return False


def _heard_before(
    customer_id: int, message: Message | None, call: Call | None, at: datetime
) -> datetime | None:
    """Of messages their order counts, as several may come at once."""
    earlier = Message.id < message.id if message else Message.created_at < at
    wrote = select(func.max(Message.created_at)).where(
        Message.customer_id == customer_id, Message.direction == Direction.INBOUND, earlier
    )
    rang = select(func.max(Call.started_at)).where(
        Call.customer_id == customer_id, Call.started_at < (call.started_at if call else at)
    )
    both = (db.session.scalar(wrote), db.session.scalar(rang))
    return max((each for each in both if each), default=None)


def _next_appointment(customer_id: int, at: datetime) -> Appointment | None:
    query = (
        select(Appointment)
        .where(Appointment.customer_id == customer_id, Appointment.starts_at > at)
        .where(Appointment.status.in_(EXPECTED))
        .order_by(Appointment.starts_at)
        .limit(1)
    )
    return db.session.scalar(query)

"""What a customer was asked about, before they wrote."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, any_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.channels import CHANNELS, family
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    Appointment,
    ButtonTap,
    Direction,
    Message,
    Notification,
    NotificationStatus,
    Outcome,
    Reply,
)
from app.models.appointment import AppointmentStatus
from app.notifications.answers import OURS
from app.notifications.planning.history import told_with

ASKING = ("appointment_reminder", "booking_confirmation", "appointment_moved")
# An answer is noticed for so long after the appointment began.
AFTERWARDS = timedelta(hours=3)
# Of two appointments that were asked about within it, either can be meant.
TOGETHER = timedelta(days=1)
# So near to its start an appointment may be meant of which nothing was asked.
AROUND = timedelta(hours=2)
EXPECTED = (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)
NEVER_LEFT = (MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.CANCELLED)


@dataclass(frozen=True)
class Asked:
    """An appointment that the customer was told of, by the last message about it."""

    notification: Notification
    appointment: Appointment

    @property
    def at(self) -> datetime:
        return self.notification.decided_at or self.notification.due_at


def asked(message: Message) -> list[Asked]:
    """Each appointment that the message can be about, the one asked about last first."""
    found: dict[int, Asked] = {}
    for notification, appointment in db.session.execute(_question(message)):
        found.setdefault(appointment.id, Asked(notification, appointment))
    return list(found.values())


def _question(message: Message):  # type: ignore[no-untyped-def]
    return (
        select(Notification, Appointment)
        .join(Notification.appointment)
        .join(Notification.message)
        .where(
            Notification.customer_id == message.customer_id,
            Notification.channel.in_(family(CHANNELS[message.channel])),
            Message.status.not_in(NEVER_LEFT),
            *asking(message.created_at),
        )
        .order_by(Notification.decided_at.desc(), Notification.id.desc())
        .execution_options(populate_existing=True)
    )


def together(questions: list[Asked]) -> list[Asked]:
    """The first, and whatever else its message told of, in the order of their starts."""
    message_id = questions[0].notification.message_id
    same = [each for each in questions if each.notification.message_id == message_id]
    return sorted(same, key=lambda each: (each.appointment.starts_at, each.appointment.id))


def tap_on(message: Message) -> ButtonTap | None:
    """The button that the message is a tap on."""
    return db.session.scalar(select(ButtonTap).where(ButtonTap.message_id == message.id))


def named_by(tap: ButtonTap) -> list[Asked]:
    """The appointments of the reminder that the button stood under, however long ago that was; none
    where it is gone, or the button is none of ours."""
    its = select(Notification.message_id).where(Notification.id == tap.notification_id)
    query = select(Notification, Appointment).join(Notification.appointment)
    query = query.where(
        or_(
            Notification.id == tap.notification_id,
            Notification.message_id == its.scalar_subquery(),
        )
    )
    found = db.session.execute(
        query.order_by(Notification.id).execution_options(populate_existing=True)
    )
    return [Asked(notification, appointment) for notification, appointment in found]


def asking(at: datetime | InstrumentedAttribute[datetime]) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a notification asks for an answer, and one at that time can be it."""
    return (
        Notification.type.in_(ASKING),
        Notification.status == NotificationStatus.SENT,
        Notification.decided_at <= at,
        Notification.starts_at > at - AFTERWARDS,
    )


def expected(message: Message) -> Appointment | None:
    """The appointment about whose time the message came, whether they were asked about it or
    not."""
    near = around(message.created_at)
    query = select(Appointment).where(Appointment.customer_id == message.customer_id, *near)
    return db.session.scalar(query.order_by(Appointment.starts_at).limit(1))


def around(at: datetime | InstrumentedAttribute[datetime]) -> tuple[ColumnElement[bool], ...]:
    """The conditions that an appointment is about that time."""
    near = Appointment.starts_at.between(at - AROUND, at + AROUND)
    return near, Appointment.status.in_(EXPECTED)


def rivals(asked: list[Asked]) -> bool:
    """Whether something else can be meant than what the last message told of."""
    meant = {each.appointment.id for each in together(asked)}
    others = [each for each in asked if each.appointment.id not in meant]
    near = [other for other in others if other.at > asked[0].at - TOGETHER]
    return any(not settled(other.appointment) for other in near)


def settled(appointment: Appointment) -> bool:
    """Whether an answer has confirmed or cancelled it as it stands."""
    query = select(Reply.id).where(
        Reply.notification_id == any_(told_with(appointment.id, appointment.starts_at)),
        Reply.outcome.in_([Outcome.CONFIRMED, Outcome.CANCELLED]),
    )
    return db.session.scalar(query.limit(1)) is not None


def interrupted(message: Message, question: Notification) -> bool:
    """Whether something else was said to the customer since, which they may be answering."""
    between = exists().where(
        Message.customer_id == message.customer_id,
        Message.direction == Direction.OUTBOUND,
        Message.status.not_in(NEVER_LEFT),
        Message.id > question.message_id,
        Message.created_at < message.created_at,
        or_(Message.client_token.is_(None), ~Message.client_token.startswith(OURS)),
    )
    return bool(db.session.scalar(select(between)))

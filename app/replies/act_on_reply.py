"""One message is read, and what it asks for is done, in the caller's transaction."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from app import events
from app.appointments import commands
from app.extensions import db
from app.inbox import conversation_transitions
from app.inbox.marks import mark
from app.lib.reminder_buttons import Button
from app.lib.time.clock import local_day
from app.models import (
    Answer,
    Appointment,
    ButtonTap,
    ConsentEvent,
    EventType,
    Message,
    Origin,
    Outcome,
    Reply,
    Tenant,
)
from app.models.appointment import AppointmentStatus
from app.notifications.content.wording import BadTemplate
from app.outbox.compose.email_loop import Loop
from app.replies import words
from app.replies.asked import (
    Asked,
    asked,
    expected,
    interrupted,
    named_by,
    rivals,
    tap_on,
    together,
)
from app.replies.say import named, said_before, say, take_back
from app.replies.verdict import Situation, Verdict, verdict

LATE = (Answer.LATE, Answer.MAY_BE_LATE)
# What is unclear and comes later than this is no answer.
RECENT = timedelta(days=2)
# What counts without a question, too, about the time of an appointment.
BY_THEMSELVES = (*LATE, Answer.CANCEL, Answer.MAY_CANCEL, Answer.MOVE)
# What is settled by itself.
DONE = (Outcome.CONFIRMED, Outcome.CANCELLED)
# Of several: nothing is to be confirmed where all are, and one that is over is a doubt.
WEIGHT = (
    AppointmentStatus.CONFIRMED,
    AppointmentStatus.SCHEDULED,
    AppointmentStatus.COMPLETED,
    AppointmentStatus.NO_SHOW,
    AppointmentStatus.CANCELLED,
)
TAPPED = {Button.CONFIRM: Answer.CONFIRM, Button.CANCEL: Answer.CANCEL}
NAMES_NOTHING = "They tapped a button under a message whose appointment is gone."
UNASKED = "They were not asked, so nobody has answered."
PAUSED = "Automatic messages are paused, so nobody has answered."


class About(NamedTuple):
    """What an answer is about."""

    notification_id: int | None = None
    appointment_id: int | None = None
    starts_at: datetime | None = None

    @classmethod
    def asked(cls, question: Asked) -> "About":
        """Of several that a message told of the first (told_with)."""
        row = question.notification
        return cls(row.id, question.appointment.id, row.starts_at)


NOTHING = About()


def settle(message: Message, now: datetime) -> Reply:
    """Read the message, change the appointments that it is about, answer, and mark it for staff.
    Only for whoever holds the customer's lock; commits nothing."""
    if tap := tap_on(message):
        return _settle_tap(message, tap, now)
    answer = _answer(message)
    if answer is Answer.NONE:
        return _written(message, NOTHING, answer, Verdict(Outcome.NOTHING), False, now)
    questions, near = asked(message), expected(message)
    meant = together(questions) if questions else []
    if not meant or (answer in LATE and near and _another(near, meant)):
        take_back(message, answer, now)
        return _unasked(message, near, answer, now)
    _hold(meant, message, answer, now)
    unasked = near if answer is Answer.CANCEL else None
    situation = _situation(message, questions, unasked, now)
    return _concluded(message, meant, answer, situation, now)


def _settle_tap(message: Message, tap: ButtonTap, now: datetime) -> Reply:
    """The button says what is meant, and of which appointment, whatever else was said since; its
    label, which is the message's text, is not read."""
    questions, answer = named_by(tap), TAPPED.get(Button(tap.button), Answer.NONE)
    if answer is Answer.NONE:
        return _written(message, NOTHING, answer, Verdict(Outcome.NOTHING), False, now)
    if not questions:
        found = Verdict(Outcome.TO_STAFF, reason=NAMES_NOTHING)
        return _written(message, NOTHING, Answer.UNCLEAR, found, False, now)
    _hold(questions, message, answer, now)
    situation = replace(_standing(message, questions, now), recent=True)
    return _concluded(message, questions, answer, situation, now)


def _hold(meant: list[Asked], message: Message, answer: Answer, now: datetime) -> None:
    # Locked before anything is decided, and before messages: staff may be changing them.
    for each in sorted(meant, key=lambda each: each.appointment.id):
        db.session.refresh(each.appointment, with_for_update=True)
    take_back(message, answer, now)


def _concluded(
    message: Message, meant: list[Asked], answer: Answer, situation: Situation, now: datetime
) -> Reply:
    found = verdict(answer, situation)
    for each in meant:
        _change(each.appointment, found.outcome, now)
    answered, found = _say(answer, found, message, meant, now)
    if found.outcome is Outcome.TO_STAFF or found.reason:
        found = found.about(named(meant, _tenant(message)))
    return _written(message, About.asked(meant[0]), answer, found, answered, now)


def _unasked(message: Message, near: Appointment | None, answer: Answer, now: datetime) -> Reply:
    """What somebody says by themselves about the time of an appointment is a mark, and no more."""
    if near is None or answer not in BY_THEMSELVES:
        return _written(message, NOTHING, Answer.NONE, Verdict(Outcome.NOTHING), False, now)
    found = Verdict(Outcome.TO_STAFF, reason=UNASKED)
    return _written(message, About(None, near.id, near.starts_at), answer, found, False, now)


def _answer(message: Message) -> Answer:
    if message.received_email and not message.received_email.is_reply:
        return Answer.NONE
    meant = words.read(message.body)
    stop = select(ConsentEvent.id).where(
        ConsentEvent.message_id == message.id, ConsentEvent.said == "stop"
    )
    if db.session.scalar(stop.limit(1)) is None:
        return meant
    return Answer.STOP if meant is Answer.CANCEL else Answer.NONE


def _situation(
    message: Message, questions: list[Asked], near: Appointment | None, now: datetime
) -> Situation:
    """near: an appointment that may be meant, too, whether they were asked about it or not."""
    question = questions[0]
    return replace(
        _standing(message, together(questions), now),
        interrupted=interrupted(message, question.notification),
        recent=question.at > message.created_at - RECENT,
        rivals=rivals(questions) or _another(near, questions),
        another_day=_names_another_day(message, question),
    )


def _standing(message: Message, meant: list[Asked], now: datetime) -> Situation:
    """How things stand with the appointments themselves, where nothing else can be meant: in doubt
    as soon as one is."""
    return Situation(
        status=max((each.appointment.status for each in meant), key=WEIGHT.index),
        begun=any(each.appointment.starts_at <= now for each in meant),
        moved=any(each.appointment.starts_at != each.notification.starts_at for each in meant),
        interrupted=False,
        recent=False,
        rivals=False,
        another_day=False,
        may_cancel=_tenant(message).reply_cancels,
    )


def _another(near: Appointment | None, questions: list[Asked]) -> bool:
    return near is not None and near.id not in {each.appointment.id for each in questions}


def _names_another_day(message: Message, question: Asked) -> bool:
    starts_at, zone = question.notification.starts_at, _tenant(message).timezone
    meant = local_day(starts_at or question.appointment.starts_at, zone)
    return not words.fits(message.body, local_day(message.created_at, zone), meant)


def _tenant(message: Message) -> Tenant:
    return db.session.get_one(Tenant, message.tenant_id)


def _change(appointment: Appointment, outcome: Outcome, now: datetime) -> None:
    if outcome in DONE:
        with events.acting(Origin.CUSTOMER):
            commands.alter(appointment.id, now, status=outcome)


def _say(
    answer: Answer, found: Verdict, message: Message, meant: list[Asked], now: datetime
) -> tuple[bool, Verdict]:
    """Whether it is answered; where a text should and cannot be, a person has to."""
    if not found.text or said_before(answer, meant):
        return False, found
    if _tenant(message).paused_at:
        return False, found.unsaid(PAUSED)
    try:
        return say(found.text, message, meant, now), found
    except Loop as loop:
        return False, found.unsaid(str(loop))
    except BadTemplate as error:
        return False, found.unsaid(f"Nobody has answered: the text for it cannot be used. {error}")


def _written(
    message: Message,
    about: About,
    answer: Answer,
    found: Verdict,
    answered: bool,
    now: datetime,
) -> Reply:
    reply = Reply(
        message_id=message.id,
        notification_id=about.notification_id,
        appointment_id=about.appointment_id,
        starts_at=about.starts_at,
        answer=answer,
        outcome=found.outcome,
        reason=found.reason,
        answered=answered,
        at=now,
    )
    db.session.add(reply)
    db.session.flush()
    if found.outcome is Outcome.TO_STAFF or found.reason:
        mark(message, reply)
    elif found.outcome in DONE:
        db.session.execute(conversation_transitions.attend(message))
    if answer is not Answer.NONE:
        _tell(message, reply, now)
    return reply


def _tell(message: Message, reply: Reply, now: datetime) -> None:
    with events.acting(Origin.CUSTOMER):
        events.record(
            EventType.REPLY_READ,
            message.customer_id,
            now,
            message_id=message.id,
            appointment_id=reply.appointment_id,
            answer=reply.answer,
            outcome=reply.outcome,
        )

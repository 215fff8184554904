"""One message is read, and what it asks for is done, in the caller's transaction."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.appointments import deeds
from app.extensions import db
from app.models import (
    Answer,
    Appointment,
    ConsentEvent,
    Conversation,
    Message,
    Outcome,
    Reply,
    Tenant,
)
from app.notifications.wording import BadTemplate
from app.replies import words
from app.replies.asked import Asked, asked, interrupted, rivals
from app.replies.say import said_before, say
from app.replies.verdict import Situation, Verdict, verdict

# What is unclear and comes later than this is no answer.
RECENT = timedelta(days=2)
PAUSED = "Automatic messages are paused, so nobody has answered."


def settle(message: Message, now: datetime) -> Reply:
    """Read the message, change the appointment, answer, and mark it for staff. Only for whoever
    holds the customer's lock; commits nothing."""
    answer = _answer(message)
    questions = asked(message) if answer is not Answer.NONE else []
    if not questions:
        return _written(message, None, Answer.NONE, Verdict(Outcome.NOTHING), False, now)
    question = questions[0]
    # Locked before anything is decided: staff may be changing it.
    db.session.refresh(question.appointment, with_for_update=True)
    found = verdict(answer, _situation(message, questions, now))
    _change(question.appointment, found.outcome, now)
    answered, found = _say(answer, found, message, question, now)
    return _written(message, question, answer, found, answered, now)


def _answer(message: Message) -> Answer:
    meant = words.read(message.body)
    stop = select(ConsentEvent.id).where(
        ConsentEvent.message_id == message.id, ConsentEvent.said == "stop"
    )
    if db.session.scalar(stop.limit(1)) is None:
        return meant
    return Answer.STOP if meant is Answer.CANCEL else Answer.NONE


def _situation(message: Message, questions: list[Asked], now: datetime) -> Situation:
    question = questions[0]
    return Situation(
        status=question.appointment.status,
        begun=question.appointment.starts_at <= now,
        moved=question.appointment.starts_at != question.notification.starts_at,
        interrupted=interrupted(message, question.notification),
        recent=question.at > message.created_at - RECENT,
        rivals=rivals(questions),
        may_cancel=_tenant(message).reply_cancels,
    )


def _tenant(message: Message) -> Tenant:
    return db.session.get_one(Tenant, message.tenant_id)


def _change(appointment: Appointment, outcome: Outcome, now: datetime) -> None:
    if outcome in (Outcome.CONFIRMED, Outcome.CANCELLED):
        deeds.alter(appointment.id, now, status=outcome)


def _say(
    answer: Answer, found: Verdict, message: Message, question: Asked, now: datetime
) -> tuple[bool, Verdict]:
    """Whether it is answered; where a text should and cannot be, a person has to."""
    if not found.text or said_before(answer, question.appointment):
        return False, found
    if _tenant(message).paused_at:
        return False, found.unsaid(PAUSED)
    try:
        return say(found.text, message, question, now), found
    except BadTemplate as error:
        return False, found.unsaid(f"Nobody has answered: the text for it cannot be used. {error}")


def _written(
    message: Message,
    question: Asked | None,
    answer: Answer,
    found: Verdict,
    answered: bool,
    now: datetime,
) -> Reply:
    reply = Reply(
        message_id=message.id,
        notification_id=question.notification.id if question else None,
        appointment_id=question.appointment.id if question else None,
        starts_at=question.notification.starts_at if question else None,
        answer=answer,
        outcome=found.outcome,
        reason=found.reason,
        answered=answered,
        at=now,
    )
    db.session.add(reply)
    db.session.flush()
    if found.outcome is Outcome.TO_STAFF or found.reason:
        _mark(message, reply)
    return reply


def _mark(message: Message, reply: Reply) -> None:
    """Staff see in the inbox that it waits for them; what is unclear hides nothing clear."""
    marked = update(Conversation).where(Conversation.customer_id == message.customer_id)
    if reply.answer not in (Answer.CANCEL, Answer.LATE, Answer.STOP):
        marked = marked.where(Conversation.open_reply_id.is_(None))
    db.session.execute(
        marked.values(open_reply_id=reply.id).execution_options(synchronize_session=False)
    )

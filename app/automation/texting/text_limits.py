"""What keeps a rule from texting: the other side may be a machine, or has been written to enough.

All of them raise HeldBack.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from app.automation.rule_part import HeldBack
from app.automation.snapshot import Snapshot
from app.extensions import db
from app.inbound.keywords import Said, said
from app.lib.message_status import MessageStatus
from app.models import AutomationRun, ConsentEvent, Direction, Message
from app.outbox.queue.automatic_pause import BY_RULE, OURS

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOST_AN_HOUR = 5
# So many times the same, and nobody but a machine writes it.
SAME_IN_A_ROW = 5
# Numbers with fewer digits are no person's telephone.
SHORT_CODE = 7


def heed_sender(message: Message) -> None:
    """Whether what came in may be answered by itself at all."""
    if _is_a_command(message):
        raise HeldBack("STOP, HELP and their kin are answered by the network, and by nothing else.")
    if message.received_email and not message.received_email.answerable:
        raise HeldBack("A program sent this email: it is not answered by itself.")
    digits = message.sender.removeprefix("+")
    if digits.isdigit() and len(digits) < SHORT_CODE:
        raise HeldBack("It came from a short code, which a program answers.")
    if _same_in_a_row(message):
        raise HeldBack(f"They wrote the same {SAME_IN_A_ROW} times in a row: perhaps a program.")


def _is_a_command(message: Message) -> bool:
    if said(message.body, message.recipient) in (Said.STOP, Said.HELP):
        return True
    query = select(ConsentEvent.id).where(ConsentEvent.message_id == message.id)
    return db.session.scalar(query.limit(1)) is not None


def _same_in_a_row(message: Message) -> bool:
    query = (
        select(Message.body)
        .where(Message.customer_id == message.customer_id, Message.id <= message.id)
        .where(Message.direction == Direction.INBOUND, Message.channel == message.channel)
        .order_by(Message.id.desc())
        .limit(SAME_IN_A_ROW)
    )
    bodies = db.session.scalars(query).all()
    return len(bodies) == SAME_IN_A_ROW and len(set(bodies)) == 1


def heed_what_was_sent(seen: Snapshot, body: str, now: datetime) -> None:
    """Whether the customer may get another automatic text now. What goes out for an appointment
    (a reminder, a confirmation) does not count: nobody asked the other for it."""
    sent = _sent(seen.customer.id, now - DAY)
    if last := next((each for each in sent if each.created_at > now - MINUTE), None):
        raise HeldBack(f"Held back by {_who(last)}, less than a minute before.")
    ours = [each for each in sent if str(each.client_token).startswith(BY_RULE)]
    if any(each.body == body for each in ours):
        raise HeldBack("They were sent the same text within the last 24 hours.")
    if sum(each.created_at > now - HOUR for each in ours) >= MOST_AN_HOUR:
        raise HeldBack(f"Rules have sent them {MOST_AN_HOUR} texts within the last hour.")


def _sent(customer_id: int, since: datetime) -> Sequence[Message]:
    answers = (Message.client_token.startswith(begin) for begin in (BY_RULE, OURS))
    query = (
        select(Message)
        .where(Message.customer_id == customer_id, Message.direction == Direction.OUTBOUND)
        .where(Message.created_at > since, Message.status != MessageStatus.CANCELLED)
        .where(or_(*answers))
        .order_by(Message.id.desc())
    )
    return db.session.scalars(query).all()


def _who(message: Message) -> str:
    token = str(message.client_token)
    if not token.startswith(BY_RULE):
        return "the answer to their reply"
    query = select(AutomationRun.rule_name)
    name = db.session.scalar(query.where(AutomationRun.id == int(token.removeprefix(BY_RULE))))
    return f"the rule “{name}”"

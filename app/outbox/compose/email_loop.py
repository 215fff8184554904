"""What ends a loop of two programs that answer each other's emails, whatever these say of
themselves (RFC 3834): how many of ours answer one address, one domain and one customer."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models import Direction, EmailAutoAnswer, Message
from app.outbox.refused import Refused
from app.tenancy import current_tenant_id

# Of advisory locks; any number that nothing else here uses.
ANSWERING = 4713
EACH_ADDRESS = timedelta(hours=24)
# Programs that change their address with each email keep their domain.
EACH_DOMAIN, IN_A_DOMAIN = timedelta(hours=1), 3
EACH_CUSTOMER, OF_A_CUSTOMER = timedelta(days=1), 20

log = structlog.get_logger()


class AnsweredLately(Refused):
    """They had an answer of a program of ours within a day: a person needs no second one."""


class Loop(Refused):
    """A program seems to answer ours; the text tells staff."""


def check(answered: Message, address: str, now: datetime) -> None:
    """Ask before a program of ours answers that email at the address, in the caller's transaction.
    Raises AnsweredLately or Loop."""
    # One after the other: two at once would not see each other's answer.
    db.session.execute(select(func.pg_advisory_xact_lock(ANSWERING, current_tenant_id())))
    if _answers(EmailAutoAnswer.address == address, now - EACH_ADDRESS):
        raise AnsweredLately("They had an automatic answer by email within a day.")
    domain = _domain(address)
    if _answers(EmailAutoAnswer.domain == domain, now - EACH_DOMAIN) >= IN_A_DOMAIN:
        _stop(answered, f"{domain} had {IN_A_DOMAIN} automatic answers within an hour")
    if _automatic(answered.customer_id, now - EACH_CUSTOMER) >= OF_A_CUSTOMER:
        _stop(answered, f"{OF_A_CUSTOMER} automatic emails went to them within a day")


def remember(message: Message, answered: Message) -> None:
    """The message answers that email by itself; part of the caller's transaction."""
    row = EmailAutoAnswer(
        message_id=message.id,
        answered_id=answered.id,
        address=message.recipient,
        domain=_domain(message.recipient),
        at=message.created_at,
    )
    db.session.add(row)


def _stop(answered: Message, why: str) -> None:
    log.warning("email_loop_stopped", message=answered.id)
    raise Loop(f"No automatic answer was sent: {why}, as where two programs answer each other.")


def _answers(which: ColumnElement[bool], since: datetime) -> int:
    count = select(func.count()).select_from(EmailAutoAnswer)
    return db.session.scalar(count.where(which, EmailAutoAnswer.at > since)) or 0


def _automatic(customer_id: int, since: datetime) -> int:
    """How many emails went to the customer that nobody wrote: what has an end of its use."""
    query = select(func.count()).where(
        Message.customer_id == customer_id,
        Message.channel == "email",
        Message.direction == Direction.OUTBOUND,
        Message.not_after.is_not(None),
        Message.created_at > since,
    )
    return db.session.scalar(query) or 0


def _domain(address: str) -> str:
    return address.rpartition("@")[2]

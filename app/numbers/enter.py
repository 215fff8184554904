"""A business enters the numbers that it writes from, or the operator grants one on our account."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import NumberState, SenderNumber, Tenant
from app.models.sender_number import OURS
from app.numbers.rights import rights, same, settle
from app.outbox.senders.twilio_senders import own_account


class NotEntered(ValueError):
    """The number cannot be entered; the text says why, and what to do."""


ASK_US = "This number writes through our Twilio account: ask us for it"
IN_USE = "This number is in use. Give another one, or take it back from that business first"
WITHDRAWN = "This number was taken back by the operator: ask us for it"


def entered(tenant: Tenant, channel: str) -> SenderNumber | None:
    """What was entered last for the channel, whether it counts or not."""
    return next((row for row in reversed(rights(tenant)) if row.channel == channel), None)


def enter(
    tenant: Tenant,
    channel: str,
    number: str | None,
    now: datetime,
    by_operator: bool = False,
    service: str | None = None,
) -> None:
    """Take the number for the channel in place of the one before; None: none. Of RCS the number is
    the sender's id, and the service that of Twilio's which it is in.

    On our account the operator's word grants it, and nobody else's does; on the business's own it
    counts once Twilio has been asked (prove.py). Part of the caller's transaction, which holds the
    tenant's row. Raises NotEntered.
    """
    before = entered(tenant, channel)
    if number and before and (before.number, before.service_sid) == (number, service):
        return
    if number:
        _refuse(tenant, channel, number, service, by_operator)
    _give_up(tenant, channel)
    if number:
        _add(tenant, channel, number, service, now)
    settle(tenant)


def _refuse(
    tenant: Tenant, channel: str, number: str, service: str | None, by_operator: bool
) -> None:
    if by_operator:
        return
    if own_account(tenant) == OURS:
        raise NotEntered(ASK_US)
    taken_back = select(SenderNumber.id).where(
        SenderNumber.channel == channel,
        same(number, service),
        SenderNumber.state == NumberState.WITHDRAWN,
    )
    if db.session.scalar(taken_back.limit(1)):
        raise NotEntered(WITHDRAWN)


def _give_up(tenant: Tenant, channel: str) -> None:
    db.session.execute(
        delete(SenderNumber)
        .where(SenderNumber.channel == channel, SenderNumber.account_sid == own_account(tenant))
        .where(SenderNumber.state != NumberState.WITHDRAWN)
        .execution_options(synchronize_session="fetch")
    )


def _add(tenant: Tenant, channel: str, number: str, service: str | None, now: datetime) -> None:
    account = own_account(tenant)
    granted = account == OURS
    known = select(SenderNumber).where(
        SenderNumber.channel == channel,
        SenderNumber.number == number,
        SenderNumber.account_sid == account,
    )
    row = db.session.scalar(known) or SenderNumber(
        channel=channel, number=number, account_sid=account
    )
    row.service_sid = service
    row.state = NumberState.HELD if granted else NumberState.CHECKING
    row.reason, row.since, row.ask_after = "", now, None if granted else now
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        raise NotEntered(IN_USE) from None

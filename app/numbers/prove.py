"""Asks Twilio whether a business's own account has the numbers that it entered, and still has."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app import tasks
from app.channels import CHANNELS
from app.extensions import db, settings
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import running
from app.lib.vault import VaultError
from app.models import NumberState, SenderNumber, Tenant
from app.models.sender_number import OURS
from app.numbers.account import part_from_ours
from app.numbers.rights import locked, same, settle
from app.outbox.sender import account
from app.outbox.senders.twilio_senders import own_account
from app.providers import provider
from app.providers.contract import Account, SendError
from app.tenancy import current_tenant_id, key_of, tenant_scope, unscoped

# A number that was given back may be somebody else's the next day.
EVERY = timedelta(days=1)
# Longer than Twilio may take to answer.
LEASE = timedelta(minutes=2)
SLOWEST = timedelta(hours=6)
ABSENT = "Your Twilio account has no such number. Check the number, or buy or move it there."
NOT_IN_IT = (
    "Your Twilio account has no such Messaging Service, or this RCS sender is not in it. Look under"
    " Messaging, Services in Twilio's console."
)
CONTESTED = "Another business writes from it. We are checking with Twilio whose it is."

log = structlog.get_logger()


def prove_due(now: datetime) -> int:
    """Ask about the numbers that are due, one by one, within a time slice; how many."""
    asked, clock = 0, running(now)
    part_from_ours(now)
    while not shutdown.requested() and (claimed := _claim(clock())):
        tenant_id, id_ = claimed
        asked += 1
        with tenant_scope(tenant_id):
            _prove(tenant_id, id_, clock())
        db.session.remove()
        if clock() > now + tasks.SLOW_TIME_SLICE:
            tasks.enqueue(tasks.Task.PROVE_NUMBERS)
            break
    return asked


def prove_now(now: datetime) -> None:
    """Ask about all numbers of the business in scope that count by Twilio's word: somebody waits
    for it. Whoever asks about one at the same time finds the same."""
    asked = update(SenderNumber).where(SenderNumber.ask_after.is_not(None))
    claimed = asked.values(ask_after=now + LEASE).returning(SenderNumber.id)
    ids = db.session.scalars(claimed.execution_options(synchronize_session=False)).all()
    db.session.commit()
    for id_ in ids:
        _prove(current_tenant_id(), id_, now)


def _claim(now: datetime) -> tuple[int, int] | None:
    due = (
        select(*key_of(SenderNumber))
        .where(SenderNumber.ask_after <= now)
        .order_by(SenderNumber.ask_after)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(SenderNumber)
        .where(key_of(SenderNumber) == due)
        .values(ask_after=now + LEASE)
        .returning(SenderNumber.tenant_id, SenderNumber.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped("numbers of all businesses wait in one line"):
        row = db.session.execute(taken).one_or_none()
        db.session.commit()
    return (row.tenant_id, row.id) if row else None


def _prove(tenant_id: int, id_: int, now: datetime) -> None:
    """Each stands alone: whatever breaks over one, the next is asked about."""
    try:
        found = _ask(tenant_id, id_)
        _conclude(tenant_id, id_, found, now)
    except SendError as error:
        log.info("number_not_proved", number=id_, code=error.code)
        _later(id_, error.reason, now)
    except Exception as error:
        log.error("number_fault", number=id_, fault=place(error))
        db.session.rollback()


def _ask(tenant_id: int, id_: int) -> bool | None:
    """Whether its account has the number; None: that account is not the business's any more.
    Raises SendError."""
    row = db.session.get_one(SenderNumber, id_)
    channel, number, its_account = CHANNELS[row.channel], row.number, row.account_sid
    service = row.service_sid
    vouching = _account(db.session.get_one(Tenant, tenant_id), its_account)
    carrier = provider(channel.provider)
    # Nothing of the database is held while Twilio takes its time.
    db.session.rollback()
    if vouching is None or carrier is None:
        return None
    return carrier.owns(vouching, channel, number, service)


def _account(tenant: Tenant, sid: str) -> Account | None:
    if sid == OURS:
        ours, token = settings().twilio_account_sid, settings().twilio_auth_token
        return Account(ours, token) if ours and token else None
    try:
        return account(tenant, CHANNELS["sms"]) if own_account(tenant) == sid else None
    except VaultError:
        return None


def _conclude(tenant_id: int, id_: int, found: bool | None, now: datetime) -> None:
    tenant = locked(tenant_id)
    row = db.session.get(SenderNumber, id_, populate_existing=True)
    if row is None or row.state == NumberState.WITHDRAWN:
        db.session.rollback()
        return
    if found is None:
        row.ask_after = None
    elif found:
        _grant(row, now)
    else:
        absent = NOT_IN_IT if row.service_sid else ABSENT
        row.state, row.reason, row.ask_after = NumberState.ABSENT, absent, now + EVERY
        row.since = now
    settle(tenant)
    db.session.commit()
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    tasks.enqueue(tasks.Task.MAKE_CARDS)


def _grant(row: SenderNumber, now: datetime) -> None:
    again = None if row.account_sid == OURS else now + EVERY
    if row.state != NumberState.HELD:
        row.since = now
    try:
        with db.session.begin_nested():
            row.state, row.reason, row.ask_after = NumberState.HELD, "", again
    except IntegrityError:
        row.state, row.reason, row.ask_after = NumberState.CONTESTED, CONTESTED, now + 5 * LEASE
        _ask_the_holder(row, now)


def _ask_the_holder(row: SenderNumber, now: datetime) -> None:
    """A number is in one account at a time: whoever holds it by an older word may not any more."""
    holder = (
        update(SenderNumber)
        .where(SenderNumber.channel == row.channel, same(row.number, row.service_sid))
        .where(SenderNumber.state == NumberState.HELD)
        .values(ask_after=now)
        .execution_options(synchronize_session=False)
    )
    with unscoped("whoever holds the number may be another business"):
        db.session.execute(holder)
    tasks.enqueue(tasks.Task.PROVE_NUMBERS)


def _later(id_: int, reason: str, now: datetime) -> None:
    """After 1, 2, 4 … minutes. What is held stays so: no answer is no word against it."""
    row = db.session.get(SenderNumber, id_, populate_existing=True)
    if row is not None and row.state != NumberState.WITHDRAWN:
        waited = max(min(now - row.since, SLOWEST), timedelta(minutes=1))
        row.reason, row.ask_after = reason, now + waited
    db.session.commit()

"""Makes the content templates at Twilio that put buttons under reminders, each under a lease.

Where nobody knows what came of a try, the next makes another one, which does no harm: a template
that no text names is seen by nobody.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from app import tasks
from app.channels import CHANNELS
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import running
from app.lib.vault import VaultError
from app.models import ButtonCard, Tenant
from app.outbox.sender import account_used
from app.providers import provider
from app.providers.contract import Account, Outcome, SendError
from app.tenancy import key_of, tenant_scope, unscoped

# Longer than Twilio may take to answer.
LEASE = timedelta(minutes=2)
SLOWEST = timedelta(hours=1)
ANOTHER_ACCOUNT = "The Twilio account was changed."

log = structlog.get_logger()


def make_due(now: datetime) -> int:
    """Make those that are due, one by one, within a time slice; how many were tried."""
    tried, clock = 0, running(now)
    while not shutdown.requested() and (claimed := _claim(clock())):
        tried += 1
        with tenant_scope(claimed.tenant_id):
            _make(claimed, clock())
        db.session.remove()
        if clock() > now + tasks.SLOW_TIME_SLICE:
            tasks.enqueue(tasks.Task.MAKE_CARDS)
            break
    return tried


def make_again(tenant_id: int, content_sid: str, now: datetime) -> None:
    """Twilio does not take it any more: texts go without, until it is made anew. Commits."""
    with tenant_scope(tenant_id):
        gone = update(ButtonCard).where(ButtonCard.content_sid == content_sid)
        anew = gone.values(content_sid=None, ask_after=now, attempts=0)
        db.session.execute(anew.execution_options(synchronize_session=False))
        db.session.commit()
    tasks.enqueue(tasks.Task.MAKE_CARDS)


def _claim(now: datetime) -> ButtonCard | None:
    due = (
        select(*key_of(ButtonCard))
        .where(ButtonCard.ask_after <= now)
        .order_by(ButtonCard.ask_after)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(ButtonCard)
        .where(key_of(ButtonCard) == due)
        .values(ask_after=now + LEASE, attempts=ButtonCard.attempts + 1)
        .returning(ButtonCard)
        .execution_options(synchronize_session=False)
    )
    with unscoped("what all businesses want made waits in one line"):
        row = db.session.scalar(taken)
        db.session.expunge_all()
        db.session.commit()
    return row


def _make(card: ButtonCard, now: datetime) -> None:
    """Each stands alone: whatever breaks over one, the next is made."""
    try:
        used, carrier = _account(card), provider("twilio")
        if used is None or carrier is None:
            _settle(card, ask_after=None, reason=ANOTHER_ACCOUNT)
            return
        sid = carrier.make_template(used, card.definition)
        _settle(card, content_sid=sid, ask_after=None, reason="")
    except SendError as error:
        log.info("card_not_made", card=card.id, code=error.code)
        refused = error.outcome is Outcome.REFUSED
        _settle(card, ask_after=None if refused else _later(card, now), reason=error.reason)
    except Exception as error:
        log.error("card_fault", card=card.id, fault=place(error))
        db.session.rollback()


def _account(card: ButtonCard) -> Account | None:
    """Afterwards no transaction is open."""
    tenant = db.session.get_one(Tenant, card.tenant_id)
    try:
        return account_used(tenant, CHANNELS["sms"], card.account_sid)
    except VaultError:
        return None
    finally:
        db.session.rollback()


def _later(card: ButtonCard, now: datetime) -> datetime:
    """After 1, 2, 4 … minutes."""
    return now + min(SLOWEST, timedelta(minutes=2 ** min(card.attempts - 1, 10)))


def _settle(card: ButtonCard, **values: object) -> None:
    change = update(ButtonCard).where(ButtonCard.id == card.id).values(**values)
    db.session.execute(change.execution_options(synchronize_session=False))
    db.session.commit()

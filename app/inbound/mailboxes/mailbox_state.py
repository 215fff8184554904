"""How reading a mailbox went: written to it, and told to the messaging health once it matters."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.inbound.mailboxes.mailbox_lease import write
from app.lib.fault import place
from app.models import Mailbox, Tenant
from app.providers.imap import MailboxError, Trouble, Turn
from app.tasks import Task, enqueue

EVERY = timedelta(minutes=2)
# One that fails is tried again after as long as it has failed, and at last every so often: who is
# refused again and again may be locked out for it.
SELDOM, REFUSED_SELDOM = timedelta(minutes=10), timedelta(hours=1)
REFUSED = (Trouble.REFUSED, Trouble.TOKEN_REFUSED, Trouble.TOKEN_DEAD)
# So long nobody is bothered.
PATIENCE = timedelta(minutes=15)

log = structlog.get_logger()


@contextmanager
def told(mailbox: Mailbox, now: datetime) -> Iterator[None]:
    """Write down what hinders it: each mailbox stands alone. Raises SQLAlchemy's errors where the
    database does not even take that."""
    try:
        yield
    except MailboxError as error:
        failed(mailbox, error, now)
    except OperationalError as error:
        # The database is away: the lease ends by itself.
        db.session.rollback()
        log.warning("mailbox_not_stored", mailbox=mailbox.id, fault=place(error))
    except Exception as error:
        db.session.rollback()
        log.error("mailbox_fault", mailbox=mailbox.id, fault=place(error))
        failed(mailbox, MailboxError(Trouble.FAULT), now)


def was_read(mailbox: Mailbox, turn: Turn, now: datetime) -> None:
    """A turn is over, and all that it found is stored."""
    before = _lasting(mailbox, mailbox.tried_at)
    well = {"last_ok_at": now, "failing_since": None, "trouble": None, "tried_at": now}
    due_at = now if turn.more else now + EVERY
    if write(mailbox, **well, claim=None, due_at=due_at) and before:
        _look_at_health(mailbox.tenant_id, now)


def failed(mailbox: Mailbox, error: MailboxError, now: datetime) -> None:
    """It was not read. Told to the messaging health once that has gone on for PATIENCE."""
    _log(mailbox.id, error)
    before, since = _lasting(mailbox, mailbox.tried_at), mailbox.failing_since or now
    kept = {"failing_since": since, "trouble": error.trouble, "tried_at": now}
    if error.trouble is Trouble.TOKEN_REFUSED:
        # It may have been taken back before its time: the next try asks for another.
        kept["access_token_ends_at"] = None
    due_at = now + _pause(now - since, error.trouble)
    written = write(mailbox, **kept, claim=None, due_at=due_at)
    if written and now - since >= PATIENCE and not before:
        _look_at_health(mailbox.tenant_id, now)


def _log(mailbox_id: int, error: MailboxError) -> None:
    """Sockets and libraries quote what they were told: the class of their error is enough."""
    cause = type(error.__cause__).__name__ if error.__cause__ else None
    log.warning("mailbox_not_read", mailbox=mailbox_id, trouble=error.trouble, error=cause)


def _pause(failing: timedelta, trouble: Trouble) -> timedelta:
    return min(max(failing, EVERY), REFUSED_SELDOM if trouble in REFUSED else SELDOM)


def _lasting(mailbox: Mailbox, at: datetime | None) -> bool:
    """Whether it had failed for long by then."""
    since = mailbox.failing_since
    return bool(since and at and at - since >= PATIENCE)


def _look_at_health(tenant_id: int, now: datetime) -> None:
    """What became worse is told by an email, what became better taken back."""
    due = update(Tenant).where(Tenant.id == tenant_id).values(health_due_at=now)
    db.session.execute(due.execution_options(synchronize_session=False))
    db.session.commit()
    enqueue(Task.WATCH_HEALTH)

"""A lease on reading a mailbox: one worker at a time, the one that has waited longest first."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.extensions import db
from app.models import Mailbox
from app.tenancy import key_of, unscoped

# Longer than a token, a turn and storing what it found; who has not ended it by then is dead.
LEASE = timedelta(minutes=5)


def take(now: datetime) -> Mailbox | None:
    """The mailbox that is due, with a claim of its own, committed; None: none is. It is as it was
    then, and in no session."""
    due = select(*key_of(Mailbox)).where(Mailbox.due_at <= now).order_by(Mailbox.due_at, Mailbox.id)
    first = due.limit(1).with_for_update(skip_locked=True).scalar_subquery()
    taken = (
        update(Mailbox)
        .where(key_of(Mailbox) == first)
        .values(claim=uuid.uuid4(), due_at=now + LEASE)
        .returning(Mailbox)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    with unscoped("mailboxes of all tenants wait in one line"):
        mailbox = db.session.scalars(taken).one_or_none()
        if mailbox:
            db.session.expunge(mailbox)
        db.session.commit()
    return mailbox


def write(mailbox: Mailbox, **values: object) -> bool:
    """Write that to the mailbox, committed; False: it was connected anew or disconnected meanwhile,
    or the lease is over and another's, and nothing is written."""
    ours = (
        update(Mailbox)
        .where(Mailbox.id == mailbox.id, Mailbox.claim == mailbox.claim)
        .values(**values)
        .returning(Mailbox.id)
        .execution_options(synchronize_session=False)
    )
    found = db.session.scalar(ours) is not None
    db.session.commit()
    return found


def put_back(mailbox: Mailbox, now: datetime) -> None:
    """Whoever looks next reads it."""
    write(mailbox, claim=None, due_at=now)

"""A business's mailbox at a real mail server (tests/support/dovecot.py)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from app.extensions import db
from app.inbound.mailboxes import connect_mailbox
from app.inbound.mailboxes.connect_mailbox import Entered
from app.inbound.mailboxes.read_mailboxes import read_mailboxes
from app.lib.time.clock import now
from app.models import Mailbox, Message
from app.tenancy import tenant_scope, unscoped
from tests.support import dovecot
from tests.support.dovecot import Dovecot, Maildir
from tests.support.world import Business


def entered(business: Business, server: Dovecot, **other: object) -> Entered:
    """As its admin enters it."""
    address = f"hello@{business.slug}.test"
    usual = Entered(
        *(address, dovecot.HOST, server.tls, "tls", address, "INBOX"), password=dovecot.PASSWORD
    )
    return replace(usual, **other)  # type: ignore[arg-type]


def connected(business: Business, server: Dovecot, **other: object) -> Maildir:
    """It has a mailbox, which is empty, and connected."""
    box = server.add(f"hello@{business.slug}.test")
    with tenant_scope(business.id):
        connect_mailbox.connect(entered(business, server, **other), now())
    db.session.remove()
    return box


def look(at: datetime | None = None) -> int:
    """All mailboxes are due, and are read."""
    due = update(Mailbox).values(due_at=now()).execution_options(synchronize_session=False)
    with unscoped("tests"):
        db.session.execute(due)
        db.session.commit()
    return read_mailboxes(at or now())


def state(business: Business) -> Mailbox:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.scalars(select(Mailbox)).one()


def emails(business: Business) -> list[Message]:
    """What came in, in its order."""
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Message).where(Message.channel == "email").order_by(Message.id)
        return list(db.session.scalars(query))


def said(business: Business) -> list[str]:
    return [message.body for message in emails(business)]

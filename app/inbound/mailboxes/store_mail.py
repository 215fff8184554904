"""Stores what was found in a mailbox, as the webhook of emails does; then the mark moves.

Whoever dies between the two finds the same mail again, which is known by then.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.inbound.emails.receive_email import receive_email
from app.inbound.erased_messages import erased
from app.inbound.mailboxes.mailbox_lease import write
from app.inbound.routing import Route
from app.lib.fault import place
from app.models import Mailbox, Message, ReceivedEmail, Tenant
from app.providers.contract import Received
from app.providers.imap import Found, Mark, Turn
from app.providers.inbound_email import mime, unread
from app.retention.kept_period import kept_since
from app.tenancy import current_tenant_id

# What came before is not news any more: nothing answers it by itself.
LATE = timedelta(hours=1)
# Older ones were moved into the folder by hand, or the server's clock is wrong.
OLDEST = timedelta(days=30)

log = structlog.get_logger()


def store_turn(mailbox: Mailbox, turn: Turn, now: datetime) -> bool:
    """Store each mail and move the mark past it, committed one by one; False: the mailbox is not
    ours to read any more, and the rest is left."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    route = Route(tenant.id, tenant.slug, tenant.country, tenant.timezone, None)
    own = {each.lower() for each in (mailbox.address, mailbox.user_name, tenant.reply_to) if each}
    kept = kept_since(tenant, now)
    db.session.rollback()
    for found in turn.found:
        if not (kept and _before(found, kept)):
            _store(route, own, turn, found, now)
        if not _move(mailbox, replace(turn.begun, last_uid=found.uid)):
            return False
    return _move(mailbox, turn.mark)


def _before(found: Found, kept: datetime) -> bool:
    """Whether it is older than what is kept, so that it may have been archived: whoever moves it
    into the folder, or numbers that anew, brings it no second time. It has to say so itself, too:
    a server's clock may be wrong."""
    return bool(found.at and found.at < kept and unread.says_before(found.raw, kept))


def _move(mailbox: Mailbox, mark: Mark) -> bool:
    since = {"anew_since": mark.since}
    return write(mailbox, uid_validity=mark.uid_validity, last_uid=mark.last_uid, **since)


def _store(route: Route, own: set[str], turn: Turn, found: Found, now: datetime) -> None:
    """As it is; if our own code breaks over it, as it came; and if over that, too, by its head.
    Raises what breaks over that."""
    ways: tuple[Callable[[Found], Received], ...] = (_read, _raw) if found.whole else ()
    for way in ways:
        try:
            _received(route, own, turn, found, way(found), now)
            return
        except OperationalError:
            raise
        except Exception as error:
            db.session.rollback()
            log.error("mail_fault", tenant=route.tenant_id, uid=found.uid, fault=place(error))
    _received(route, own, turn, found, _named(found), now)


def _received(
    route: Route, own: set[str], turn: Turn, found: Found, mail: Received, now: datetime
) -> None:
    """What the business wrote itself is no customer's message."""
    if mail.address in own or (turn.begun.since and _known(mail)) or _erased(mail):
        return
    at = min(max(found.at or now, now - OLDEST), now)
    receive_email(route, mail, at, recovered=now - at > LATE)


def _known(mail: Received) -> bool:
    """Whether a folder that is gone through anew has it twice, however it was read then."""
    id_ = mail.letter.id if mail.letter else ""
    query = (
        select(ReceivedEmail.id)
        .join(Message, Message.id == ReceivedEmail.message_id)
        .where(ReceivedEmail.header_id == id_, Message.sender == mail.address)
        .where(Message.subject.is_not_distinct_from((mail.letter and mail.letter.subject) or None))
    )
    known = bool(id_) and db.session.scalar(query.limit(1)) is not None
    db.session.rollback()
    return known


def _erased(mail: Received) -> bool:
    """Whether it was here, and went with somebody who was erased."""
    was = bool(erased([mail.sid]))
    db.session.rollback()
    return was


def _read(found: Found) -> Received:
    try:
        return mime.read(memoryview(found.raw))
    except unread.Unreadable:
        return _raw(found)


def _raw(found: Found) -> Received:
    return unread.as_it_came(found.raw)


def _named(found: Found) -> Received:
    told = unread.by_its_head(found.raw, found.size)
    if told.letter and told.letter.id:
        return told
    # Nothing in it tells it from others of the same kind.
    own = sha256(f"{found.at or found.uid} {found.size}".encode() + found.raw).hexdigest()
    return replace(told, sid=f"email:{own[:40]}")
